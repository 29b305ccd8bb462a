// The simulated vendors' credentials: made up, the same in every run, good on this machine's loopback only.
import { generateKeyPairSync } from 'node:crypto'

export const STRIPE_API_KEY = 'sk_test_switchyard_local'
/** Two at once, as during a roll: the first is the one that the local Stripe signs with. */
export const SIGNING_SECRETS = ['whsec_switchyard_local', 'whsec_switchyard_local_before'] as const
/** Whose site asks for tax before it makes a subscription. */
export const TAX_ESTIMATE = { apiKeys: ['switchyard-local-tax-estimate'], signingSecrets: [] }
export const SALESFORCE = { clientId: 'switchyard-local', clientSecret: 'not-a-secret' }
export const AVALARA = { accountId: '1100000000', licenseKey: 'not-a-key' }
export const NETSUITE = { clientId: 'switchyard-local', certificateId: 'local-certificate' }

/** The certificate of the NetSuite integration: a fresh key each time the hub starts. */
export function netsuiteKeys(): { privateKey: string; publicKey: string } {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    privateKey: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}
