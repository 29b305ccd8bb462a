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

describe('some of its customers', () => {
  /** Of the case whose name begins so: what Stripe holds of it, oldest first. */
  const caseOf = (name: string) => {
    const { store } = played.hub.vendors.stripe
    const customer = store.customers.all().find((each) => each.name?.startsWith(`${name}:`))
    const invoices = store.invoices.of(customer?.id)
    return { store, invoices, notes: invoices.flatMap(({ id }) => store.creditNotes.of(id)) }
  }
  /** Item and amount of each line that NetSuite has. */
  const booked = (type: string, id = '') => {
    const { item } = played.hub.vendors.netsuite.find(type, id) as unknown as {
      item: { items: { item: { id: string }; amount: number }[] }
    }
    return item.items.map(({ item: { id: of }, amount }) => `${of} ${amount}`)
  }

  it('Parcel: shipping with the tax of Stripe’s own engine, on an item of its own, and given back alone', () => {
    const { invoices, notes } = caseOf('Parcel')
    // 140.00 and 5.90, 19 % of each: 26.60 and 1.12.
    expect(invoices).toMatchObject([
      { total: 17_362, shipping_cost: { amount_subtotal: 590, amount_tax: 112, amount_total: 702 } },
    ])
    expect(booked('invoice', invoices[0]?.id)).toEqual(['807 140', '806 5.9', '808 27.72'])
    expect(notes).toMatchObject([{ total: 702, total_taxes: [{ amount: 112 }] }])
    expect(booked('creditMemo', notes[0]?.id)).toEqual(['806 5.9', '808 1.12'])
  })

  it('Freight: shipping that blocked a draft went out as a line with its tax', () => {
    const { invoices } = caseOf('Freight')
    expect(invoices).toMatchObject([{ status: 'paid', shipping_cost: null }])
    expect(invoices[0]?.lines.data.map(({ amount, taxes }) => [amount, taxes?.length])).toEqual([
      [30_000, 4],
      [2_500, 4],
    ])
    expect(booked('invoice', invoices[0]?.id).slice(0, 2)).toEqual(['807 300', '806 25'])
  })

  it('All In: what the customer pays is the price, and the tax comes out of it', () => {
    const { invoices, notes } = caseOf('All In')
    // A sixth of 120.00 and of 49.99: 20.00 and 8.33.
    expect(invoices).toMatchObject([{ total: 16_999, total_excluding_tax: 14_166 }])
    expect(booked('invoice', invoices[0]?.id)).toEqual(['807 100', '807 41.66', '808 28.33'])
    expect(notes).toMatchObject([{ total: 3_000, total_taxes: [{ amount: 500, tax_behavior: 'inclusive' }] }])
  })

  it('Lump Sum: one payment of 217.25, 162.95 of it for one invoice and 54.30 for the other', () => {
    const { store, invoices } = caseOf('Lump Sum')
    const shared = store.invoicePayments
      .all()
      .filter(
        ({ payment, invoice, is_default }) =>
          !is_default && invoices.some(({ id }) => id === invoice) && payment.payment_intent,
      )
    expect(shared.map(({ amount_paid, status }) => [amount_paid, status])).toEqual([
      [16_295, 'paid'],
      [5_430, 'paid'],
    ])
    expect(new Set(shared.map(({ payment }) => payment.payment_intent)).size).toBe(1)
    const payments = shared.map(({ id }) => played.hub.vendors.netsuite.find('customerPayment', id)?.payment)
    expect(payments).toEqual([162.95, 54.3])
  })

  it('have a payout that was made by hand, and one that the bank was debited for', () => {
    const payouts = played.hub.vendors.stripe.store.payouts.all()
    const byHand = payouts.filter(({ automatic }) => !automatic)
    const debits = payouts.filter(({ amount }) => amount < 0)
    expect(byHand).toMatchObject([
      { currency: 'usd', status: 'paid', reconciliation_status: 'not_applicable' },
    ])
    expect(debits).toMatchObject([{ currency: 'kwd', status: 'paid' }])
    for (const { id } of [...byHand, ...debits])
      expect(played.hub.vendors.netsuite.find('journalEntry', id)).toBeDefined()
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
