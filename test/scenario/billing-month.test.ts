// The demo itself, small: a month with everything in it ends in step, and neither the log nor the ledger holds anything
// that belongs to a person (promise 10). Then the commands that a newcomer is told to try.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CASES } from '../../local/demo/casebook.ts'
import { inventCustomers } from '../../local/demo/customers.ts'
import { closePlayedMonth, type PlayedDemo, playDemo } from '../../local/demo/demo.ts'
import { toJson } from '../../local/demo/report.ts'
import { SALESFORCE, SIGNING_SECRETS, STRIPE_API_KEY } from '../../local/hub/credentials.ts'
import { LEDGER_TABLE } from '../../local/hub/names.ts'
import { type CloseReport, exitCodeOf } from '../../shared/close/close.ts'

const SEED = 7
/** The first self-serve checkout is the 41st. */
const CUSTOMERS = 45

const home = mkdtempSync(join(tmpdir(), 'switchyard-month-'))
let played: PlayedDemo
let closed: CloseReport
let ledgerText: string

beforeAll(async () => {
  const folder = join(home, '.hub')
  played = await playDemo({ seed: SEED, customers: CUSTOMERS, folder })
  closed = await closePlayedMonth(played, folder)
  const { Items } = await new DynamoDBClient(played.hub.aws.clients.dynamoDb).send(
    new ScanCommand({ TableName: LEDGER_TABLE }),
  )
  ledgerText = JSON.stringify(Items)
  await played.hub.close()
}, 300_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('a billing month', () => {
  it('ends with every system in step with Stripe, and nothing parked', () => {
    expect(played.outcome.breaks).toEqual([])
    expect(played.outcome.parked).toEqual([])
    expect(played.outcome.stripe.customers.size).toBe(CUSTOMERS + CASES.length)
  })

  it('had what a month has', () => {
    const { stripe } = played.outcome
    const statuses = new Set([...stripe.invoices.values()].map(({ status }) => status))
    expect([...statuses].sort()).toEqual(['open', 'paid', 'uncollectible', 'void'])
    expect(Object.keys(stripe.totals).sort()).toEqual(['EUR', 'GBP', 'JPY', 'KWD', 'USD'])
    expect(stripe.creditNotes.size).toBeGreaterThan(0)
    expect(stripe.neverDraft).toHaveLength(1)
    expect(played.tally.lane('netsuite').pauses).toBeGreaterThan(0)
    expect(played.player.deliveries.duplicates).toBeGreaterThan(0)
  })

  it('is told as one JSON document with amounts as strings of minor units', () => {
    const document = JSON.parse(JSON.stringify(toJson(played.outcome)))
    expect(Object.keys(document)).toEqual(['events', 'systems', 'stripe', 'neverDraft', 'breaks', 'parked'])
    expect(document.systems.netsuite.totals.USD).toEqual(document.stripe.totals.USD)
    expect(document.stripe.totals.USD.invoicedMinor).toMatch(/^\d+$/)
    expect(Object.keys(document.systems.avalara.totals.USD).sort()).toEqual([
      'creditedMinor',
      'invoicedMinor',
      'taxMinor',
    ])
    const { sent, accepted, duplicates, rejected } = document.events
    expect(sent).toBe(accepted + duplicates + rejected)
  })
})

describe('its calendar month', () => {
  it('can be signed: every check ties, and nothing is open with anybody', () => {
    const breaks = closed.checks.flatMap(({ id, breaks: found }) => found.map(({ why }) => `${id}: ${why}`))
    expect(breaks).toEqual([])
    expect(closed.checks.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'posted ties',
      'clearing ties',
      'tax ties',
      'receivables ties',
      'deferred ties',
      'troubles ties',
    ])
    expect(exitCodeOf(closed)).toBe(0)
  })

  it('has every kind of money movement in it, each as large in Stripe as in NetSuite', () => {
    const [posted] = closed.checks
    const kinds = new Set(posted?.figures.map(({ label }) => label))
    expect([...kinds].sort()).toEqual([
      'credit note',
      'dispute movement',
      'failed payout',
      'failed refund',
      'invoice',
      'payment',
      'payout',
      'refund',
      'void',
      'voided credit note',
      'write-off',
    ])
    for (const { amounts } of posted?.figures ?? []) expect(amounts.netsuite).toBe(amounts.stripe)
  })

  it('has what a customer balance, a write-off, a dispute and usage bring beside them', () => {
    const netsuite = played.outcome.systems.find(({ reading }) => reading.system === 'netsuite')
    const parts = netsuite?.reading.adjuncts.map(({ document }) =>
      document.replace(/_[A-Za-z0-9]+/g, '').replace(/-txn$/, ' movement'),
    )
    expect([...new Set(parts)].sort()).toEqual([
      'CustCred in-balance',
      'CustCred re-alone',
      'CustRfnd cn-outofband',
      'Journal cbtxn',
      'Journal cbtxn-expired',
      'Journal cn-tobalance',
      'Journal du movement',
      'Journal du-lost',
      'Journal in-credits',
      'Journal in-owed',
      'Journal in-tobalance',
      'Journal in-unapplied',
      'Journal in-void-recovery',
      'Journal inpay-recovery',
      'Journal inpay-tobalance',
      'Journal po',
      'Journal po-failed',
    ])
  })
})

describe('neither log nor ledger', () => {
  const personal = inventCustomers(SEED, CUSTOMERS).flatMap(({ name, email, address, vatNumber }) =>
    [name, email, address.line1, vatNumber?.value].filter((text) => text !== undefined),
  )
  const secret = [STRIPE_API_KEY, SALESFORCE.clientSecret, ...SIGNING_SECRETS]

  it.each(['log', 'ledger'] as const)(
    'holds a name, an address, a tax number, card data or a secret: %s',
    (place) => {
      const text = place === 'log' ? readFileSync(join(home, '.hub', 'log.ndjson'), 'utf8') : ledgerText
      expect(text.length).toBeGreaterThan(100_000)
      expect(personal.length).toBeGreaterThan(100)
      expect([...personal, ...secret, '4242', 'last4'].filter((each) => text.includes(each))).toEqual([])
    },
  )
})

describe('what a newcomer tries next', () => {
  const hub = (...words: string[]) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../cli/hub.mjs'), ...words], {
      cwd: home,
    })

  it('hub trace, with an invoice’s number', async () => {
    const [id, invoice] =
      [...played.outcome.stripe.invoices].find(([, { status }]) => status === 'paid') ?? []
    const { stdout } = await hub('trace', invoice?.number ?? '')
    expect(stdout).toContain(`invoice ${id} of ${invoice?.customer}`)
    expect(stdout).toMatch(/NetSuite {5}in step {2}\(invoice \d+, customerPayment \d+\)/)
    expect(stdout).toMatch(/invoice\.paid +evt_\w+ +.*netsuite applied/)
  })

  it('hub sql', async () => {
    const { stdout } = await hub('sql', '--json', 'select count(*) as customers from customers')
    expect(JSON.parse(stdout)).toEqual([{ customers: String(CUSTOMERS + CASES.length) }])
  })

  it('and is told what was wrong with a command that cannot be', async () => {
    await expect(hub('trace', 'nonsense')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Nothing is known about nonsense. Give an event id (evt_…)'),
    })
    await expect(hub('sql', 'drop table invoices')).rejects.toMatchObject({ code: 1 })
    await expect(hub('dance')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("unknown command 'dance'"),
    })
  }, 90_000)
})
