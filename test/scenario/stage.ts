// A stage for scenarios: the whole local hub in a folder of its own, a clock to play, and what stands in each system
// afterwards, said in short lines that a test can spell out. Customers are made here so that each scenario has its own
// and no other one's documents get in the way.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Stripe from 'stripe'
import { SIGNING_SECRETS } from '../../local/hub/credentials.ts'
import { type LocalHub, startLocalHub } from '../../local/hub/hub.ts'
import { Player } from '../../local/hub/player.ts'
import type { Delivery } from '../../local/simulators/stripe/webhooks.ts'
import { queryLake } from '../../local/sql.ts'
import { ManualClock } from '../../shared/clock.ts'
import type { LogLine } from '../../shared/log.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** A Monday morning in the middle of an open posting period. */
const START_MS = Date.UTC(2026, 9, 5, 9)

const LOS_ANGELES = {
  line1: '200 N Spring St',
  city: 'Los Angeles',
  state: 'CA',
  postal_code: '90012',
  country: 'US',
}
export const BERLIN = { line1: 'Rathausstraße 15', city: 'Berlin', postal_code: '10178', country: 'DE' }

export interface BillLine {
  /** Minor units, of one piece. */
  unit: number
  quantity?: number
  product?: string
  description?: string
}

/** What stands of one customer. Amounts are in major units, as each system shows them; the lake's are in minor. */
export interface Standing {
  stripe: string[]
  netsuite: string[]
  salesforce: string[]
  avalara: string[]
  lake: string[]
  /** `connector type CODE` of everything of this customer that the ledger holds as parked or waiting. */
  trouble: string[]
}

/** Of a document's answer, whichever vendor it is: loose, since a test says what it expects of it. */
type Row = Record<string, unknown>

export class Stage {
  readonly hub: LocalHub
  readonly clock: ManualClock
  readonly player: Player
  readonly log: LogLine[]
  readonly folder: string

  private constructor(parts: { hub: LocalHub; clock: ManualClock; log: LogLine[]; folder: string }) {
    this.hub = parts.hub
    this.clock = parts.clock
    this.log = parts.log
    this.folder = parts.folder
    this.player = new Player(parts.hub, parts.clock, { duplicates: 0, shuffle: 0 })
  }

  static async open(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-scenario-'))
    const clock = new ManualClock(START_MS)
    const log: LogLine[] = []
    const paused: { watch?: () => void } = {}
    const hub = await startLocalHub({
      clock,
      seed: 11,
      folder,
      log: (line) => {
        log.push({ atMs: clock.now(), ...line })
        // EventBridge Scheduler would call the breaker each minute anyway.
        if (line.line === 'paused') paused.watch?.()
      },
    })
    const stage = new Stage({ hub, clock, log, folder })
    paused.watch = () => stage.player.watchLanes()
    for (const [id, name] of [
      ['prod_team', 'Team plan'],
      ['prod_business', 'Business plan'],
    ]) {
      await hub.stripe.products.create({ id, name: name ?? '' })
    }
    return stage
  }

  async close(): Promise<void> {
    await this.hub.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  get stripe(): Stripe {
    return this.hub.stripe
  }

  get vendors(): LocalHub['vendors'] {
    return this.hub.vendors
  }

  // ── Time ────────────────────────────────────────────────────────────────────────────────────────────────────

  async play(hours: number): Promise<void> {
    await this.player.playUntil(this.clock.now() + hours * HOUR_MS)
  }

  async playMinutes(minutes: number): Promise<void> {
    await this.player.playUntil(this.clock.now() + minutes * MINUTE_MS)
  }

  /** Lets the lanes work while nobody carries webhooks but the scenario itself, every six seconds. */
  async workAlone(minutes: number, carry: () => Promise<void>): Promise<void> {
    for (let round = 0; round < minutes * 10; round += 1) {
      await carry()
      await this.hub.aws.whenQuiet()
      this.clock.advance(MINUTE_MS / 10)
      this.vendors.stripe.runDue()
      this.hub.aws.wake()
    }
    await this.hub.aws.whenQuiet()
  }

  /** Until every lane is quiet, looks for late writes included. */
  async settle(): Promise<void> {
    await this.player.playUntilQuiet(2 * HOUR_MS)
  }

  // ── The way of an event ─────────────────────────────────────────────────────────────────────────────────────

  /** Webhooks that are due now, taken out of Stripe's hands: posted, kept back or dropped as the scenario says. */
  takeWebhooks(): Delivery[] {
    return this.vendors.stripe.takeDeliveries()
  }

  /** @returns what ingest answered. */
  async post(delivery: Delivery): Promise<string> {
    const { url, body, headers } = delivery
    const answer = await fetch(url, { method: 'POST', body, headers })
    delivery.settle(answer.status)
    return `${answer.status} ${await answer.text()}`
  }

  /** Posts an event that no simulator made, signed with the package's own test signer. */
  async postSigned(event: object): Promise<string> {
    const payload = JSON.stringify(event)
    const signature = this.stripe.webhooks.generateTestHeaderString({
      payload,
      secret: SIGNING_SECRETS[0],
      timestamp: Math.floor(this.clock.now() / 1000),
    })
    const answer = await fetch(`${this.hub.frontDoor.url}/stripe/webhook`, {
      method: 'POST',
      body: payload,
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    })
    return `${answer.status} ${await answer.text()}`
  }

  // ── What a billing team does ────────────────────────────────────────────────────────────────────────────────

  /** With a card that works. */
  async customer(params: Stripe.CustomerCreateParams = {}): Promise<Stripe.Customer> {
    return this.stripe.customers.create({
      name: 'Acorn Analytics',
      email: 'billing@acorn.example',
      address: LOS_ANGELES,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
      ...params,
    })
  }

  /** A draft that Stripe would send by itself in an hour, payable in 30 days. @returns its id. */
  async bill(
    customer: Pick<Stripe.Customer, 'id'>,
    lines: readonly BillLine[],
    params: Partial<Stripe.InvoiceCreateParams> = {},
  ): Promise<string> {
    const { currency = 'usd' } = params
    const onTerms = params.collection_method !== 'charge_automatically'
    const { id } = await this.stripe.invoices.create({
      customer: customer.id,
      currency,
      collection_method: 'send_invoice',
      auto_advance: true,
      pending_invoice_items_behavior: 'exclude',
      ...(onTerms && { days_until_due: 30 }),
      ...params,
    })
    for (const { unit, quantity = 1, product = 'prod_team', description } of lines) {
      await this.stripe.invoiceItems.create({
        customer: customer.id,
        invoice: id,
        quantity,
        price_data: { currency, product, unit_amount: unit },
        ...(description && { description }),
      })
    }
    return id
  }

  /** Credits the first line whole, with the tax that was charged on it. */
  async creditFirstLine(
    invoiceId: string,
    params: Partial<Stripe.CreditNoteCreateParams> = {},
  ): Promise<Stripe.CreditNote> {
    const invoice = await this.stripe.invoices.retrieve(invoiceId)
    const [line] = invoice.lines.data
    if (!line) throw new Error(`${invoiceId} has no line.`)
    return this.stripe.creditNotes.create({
      invoice: invoiceId,
      lines: [
        {
          type: 'invoice_line_item',
          invoice_line_item: line.id,
          amount: line.amount,
          tax_amounts: (line.taxes ?? []).map((tax) => ({
            amount: tax.amount,
            taxable_amount: tax.taxable_amount ?? line.amount,
            tax_rate: tax.tax_rate_details?.tax_rate ?? '',
          })),
        },
      ],
      ...params,
    })
  }

  // ── What stands ─────────────────────────────────────────────────────────────────────────────────────────────

  async standing({ id }: Pick<Stripe.Customer, 'id'>): Promise<Standing> {
    const { stripe, avalara } = this.vendors
    const inLake = await this.lake(
      `select status, total, currency, amount_remaining from invoices where customer_id = '${id}'`,
    )
    return {
      stripe: stripe.store.invoices
        .of(id)
        .map((own) => `${own.status} ${own.total} ${own.currency}, open ${own.amount_remaining}`)
        .sort(),
      netsuite: this.netsuiteDocuments(id).map(describeDocument).sort(),
      salesforce: this.salesforceRows(id)
        .map(({ line }) => line)
        .sort(),
      avalara: avalara
        .documents()
        .filter(({ customerCode }) => customerCode === id)
        .map(
          ({ type, status, totalAmount, totalTax, currencyCode }) =>
            `${type} ${status} ${totalAmount} + ${totalTax} ${currencyCode}`,
        )
        .sort(),
      lake: inLake
        .map((row) => `${row.status} ${row.total} ${row.currency}, open ${row.amount_remaining}`)
        .sort(),
      trouble: await this.trouble(id),
    }
  }

  /** Every transaction of a customer in NetSuite, in the order of posting. */
  netsuiteDocuments(customer: string): (Row & { type: string })[] {
    return ['invoice', 'customerPayment', 'creditMemo', 'customerRefund', 'journalEntry']
      .flatMap((type) =>
        this.vendors.netsuite.records(type).map((row) => ({ ...row, type }) as Row & { type: string }),
      )
      .filter((row) => nameOf(row.entity ?? row.customer) === customer)
      .sort((a, b) => Number(a.id) - Number(b.id))
  }

  /** What a customer's documents come to in NetSuite's general ledger: `account debit` or `account -credit`. */
  generalLedger(customer: string): string[] {
    const balances = new Map<string, bigint>()
    for (const { id } of this.netsuiteDocuments(customer)) {
      for (const { accountName, debit, credit } of this.vendors.netsuite.ledger(String(id))) {
        const change = hundredths(debit) - hundredths(credit)
        balances.set(accountName, (balances.get(accountName) ?? 0n) + change)
      }
    }
    return [...balances]
      .filter(([, balance]) => balance !== 0n)
      .map(([account, balance]) => {
        const digits = String(balance < 0n ? -balance : balance).padStart(3, '0')
        return `${account} ${balance < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
      })
      .sort()
  }

  salesforceRows(customer: string): { object: string; row: Row; line: string }[] {
    const { salesforce } = this.vendors
    const own = salesforce.records('Stripe_Customer__c').find((row) => row.Stripe_Id__c === customer)
    if (!own) return []
    const lines: Record<string, (row: Row) => string> = {
      Stripe_Invoice__c: (row) =>
        `invoice ${row.Status__c} ${row.Total__c} ${row.Currency__c}, open ${row.Amount_Remaining__c}`,
      Stripe_Payment__c: (row) => `payment ${row.Amount__c} ${row.Currency__c}`,
      Stripe_Credit_Note__c: (row) =>
        `credit note ${row.Total__c} ${row.Currency__c}, refunded ${row.Refunded__c}`,
      Stripe_Refund__c: (row) => `refund ${row.Status__c} ${row.Amount__c} ${row.Currency__c}`,
    }
    return Object.entries(lines).flatMap(([object, line]) =>
      salesforce
        .records(object)
        .filter((row) => row.Customer__c === own.Id)
        .map((row) => ({ object, row, line: line(row) })),
    )
  }

  async lake(sql: string): Promise<Row[]> {
    return (await queryLake(this.hub.lakeFolder, sql)).rows
  }

  /** Of one customer: what is parked or waits, and why. */
  async trouble(customer: string): Promise<string[]> {
    const { ledger, manifests } = this.hub
    const found: string[] = []
    for (const { name } of manifests) {
      for (const status of ['parked', 'waiting'] as const) {
        for (const state of await ledger.troubled(name, status)) {
          const own = state.customer === customer || state.ref.id === customer
          if (own) found.push(`${name} ${state.ref.type} ${status} ${state.trouble?.code}`)
        }
      }
    }
    return found.sort()
  }

  /** What a person would read about a parked object. */
  async parkedText(connector: string, objectId: string): Promise<string> {
    const parked = await this.hub.ledger.troubled(connector, 'parked')
    const trouble = parked.find(({ ref }) => ref.id === objectId)?.trouble
    return `${trouble?.reason ?? 'not parked'} ${trouble?.hint ?? ''}`
  }

  /** How the hub ended one event in one connector. */
  async ended(eventId: string, connector: string): Promise<string | undefined> {
    const rows = await this.hub.ledger.deliveriesOf(eventId)
    return rows.find((row) => row.connector === connector)?.status
  }
}

/** NetSuite shows a customer by the name of its record, which is Stripe's id. */
const nameOf = (reference: unknown): unknown =>
  typeof reference === 'object' && reference !== null && 'refName' in reference
    ? reference.refName
    : undefined

function describeDocument(row: Row & { type: string }): string {
  const currency = nameOf(row.currency)
  const { type, total } = row
  if (type === 'invoice') return `invoice ${total} ${currency}, open ${row.amountRemaining}`
  if (type === 'creditMemo')
    return `creditMemo ${total} ${currency}, unapplied ${row.unapplied ?? row.amountRemaining}`
  return `${type} ${total} ${currency}`
}

/** '109.75' → 10975n; an empty side of a posting is nothing. */
function hundredths(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.')
  return BigInt(whole || '0') * 100n + BigInt(fraction.padEnd(2, '0').slice(0, 2))
}
