// For the tests of this folder: the real SDK against a running simulator, and a document with everything required.
import Avatax from 'avatax'
import type { CreateTransactionModel } from 'avatax/lib/models/CreateTransactionModel.js'
import type { Listening } from '../simulator.ts'
import { type AvalaraSimulator, type AvalaraSimulatorOptions, createAvalaraSimulator } from './avalara.ts'

export const TODAY = Date.UTC(2026, 4, 15)

export interface Account {
  simulator: AvalaraSimulator
  server: Listening
  client: Avatax
}

export const openAccount = async (options: Partial<AvalaraSimulatorOptions> = {}): Promise<Account> => {
  const simulator = createAvalaraSimulator({
    now: () => TODAY,
    companyCode: 'DEFAULT',
    accountId: '1100000001',
    licenseKey: 'key',
    ...options,
  })
  const server = await simulator.listen()
  return { simulator, server, client: signIn(server, 'key') }
}

export const signIn = (server: Listening, licenseKey: string): Avatax =>
  new Avatax({
    appName: 'test',
    appVersion: '1',
    machineName: 'test',
    environment: server.url,
    timeout: 2_000,
  }).withSecurity({ accountId: '1100000001', licenseKey })

export type Body = Record<string, unknown>

export const SELLER = {
  line1: '100 Ravine Ln',
  city: 'Bainbridge Island',
  region: 'WA',
  country: 'US',
  postalCode: '98110',
}
export const BERLIN_SELLER = { line1: 'Torstr. 1', city: 'Berlin', country: 'DE', postalCode: '10119' }
export const LOS_ANGELES = {
  line1: '200 N Spring St',
  city: 'Los Angeles',
  region: 'CA',
  country: 'US',
  postalCode: '90012',
}
export const BERLIN = { line1: 'Unter den Linden 1', city: 'Berlin', country: 'DE', postalCode: '10117' }

/** The SDK types dates as Date, which would send a time too: bodies are written as on the wire. */
export const document = (shipTo: Body, amount: number, extra: Body = {}, line: Body = {}) =>
  onWire({
    companyCode: 'DEFAULT',
    customerCode: 'cus_1',
    date: '2026-05-01',
    addresses: { shipFrom: SELLER, shipTo },
    lines: [{ number: '1', amount, ...line }],
    ...extra,
  })

export const onWire = (body: Body): CreateTransactionModel => Object.assign({ ...EMPTY }, body)

const EMPTY: CreateTransactionModel = JSON.parse('{}')
