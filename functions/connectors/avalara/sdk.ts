// The SDK, signed in as the hub. Whoever uses it says which of its methods, with the arguments that really go over the wire.
import Avatax from 'avatax'
import type { AvalaraCredentials } from './config.ts'

/** Less than a Lambda's time; the SDK's own default is 20 minutes. */
const TIMEOUT_MS = 20_000

/** @param machineName what AvaTax's own log shows of who called. */
export const openSdk = (
  { accountId, licenseKey, environment }: AvalaraCredentials,
  machineName: string,
): unknown =>
  new Avatax({
    appName: 'Switchyard',
    appVersion: '0.1',
    machineName,
    environment,
    timeout: TIMEOUT_MS,
  }).withSecurity({ accountId, licenseKey })
