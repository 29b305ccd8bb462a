// The stage of one worked case: simulated Stripe, NetSuite and AvaTax of its own, the hub's lanes between them, and a clock
// that begins on Monday, 5 October 2026, at 11:00 in Los Angeles. What happens in Stripe goes through its real SDK and the
// simulator's controls; what stands afterwards is read back through the vendors' own APIs.
import type { S3Client } from '@aws-sdk/client-s3'
import type Stripe from 'stripe'
import { AVALARA, NETSUITE, SIGNING_SECRETS, STRIPE_API_KEY } from '../../local/hub/credentials.ts'
import { createSimulators, type Simulators } from '../../local/hub/vendors.ts'
import type { Listening } from '../../local/simulators/simulator.ts'
import { ManualClock } from '../../shared/clock.ts'
import type { ObjectRef } from '../../shared/connector/contract.ts'
import { createStripeClient } from '../../shared/stripe/client.ts'
import { PORTLAND } from './addresses.ts'
import { type AvaTaxDocuments, readAvaTax } from './avatax-documents.ts'
import { type BillLine, createDraft } from './draft.ts'
import { LANES, Lanes, WANTED_EVENTS } from './lanes.ts'
import { namesOf } from './names.ts'
import { type NetSuiteBooks, readBooks } from './netsuite-documents.ts'
import { startRecognition } from './recognition.ts'
import { type Configuration, configOf, type Settings } from './settings.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.parse('2026-10-05T18:00:00Z')
export class Stage {
  readonly clock: ManualClock
  readonly vendors: Simulators
  readonly stripe: Stripe
  readonly lanes: Lanes
  readonly servers: readonly Listening[]
  readonly urls: Record<'stripe' | 'salesforce' | 'netsuite' | 'avalara', string>
  readonly settings: Settings
  /** As it was when the case began. */
  readonly config: Configuration
  private recognition: Awaited<ReturnType<typeof startRecognition>> | undefined

  private constructor(parts: Pick<Stage, 'clock' | 'vendors' | 'servers' | 'settings' | 'config'>) {
    const { clock, config, servers, settings, vendors } = parts
    this.clock = clock
    this.vendors = vendors
    this.servers = servers
    this.settings = settings
    this.config = config
    const [stripe, netsuite, avalara] = servers.map(({ url }) => url)
    this.urls = { stripe: stripe ?? '', netsuite: netsuite ?? '', avalara: avalara ?? '', salesforce: '' }
    this.stripe = createStripeClient({ apiKey: STRIPE_API_KEY, baseUrl: this.urls.stripe })
    this.lanes = new Lanes({
      config,
      clock,
      stripe: this.stripe,
      vendors: { urls: this.urls, netsuitePrivateKey: vendors.netsuitePrivateKey },
    })
    vendors.stripe.addEndpoint({
      url: 'http://hub.test/stripe/webhook',
      secret: SIGNING_SECRETS[0],
      enabledEvents: WANTED_EVENTS,
    })
  }

  static async open(settings: Settings = {}): Promise<Stage> {
    const clock = new ManualClock(START_MS)
    const config = configOf(settings)
    const vendors = createSimulators({
      clock,
      seed: 11,
      stripeAccount: config.stripe.account,
      netsuiteAccount: config.connectors.netsuite.account,
      companyCode: config.connectors.avalara.companyCode,
      netsuiteTax: config.connectors.netsuite.tax.mode === 'suitetax' ? 'suitetax' : 'items',
    })
    const { stripe, netsuite, avalara } = vendors
    const servers = await Promise.all([stripe.listen(), netsuite.listen(), avalara.listen()])
    const stage = new Stage({ clock, config, servers, settings, vendors })
    for (const [id, name] of [
      ['prod_team', 'Team plan'],
      ['prod_business', 'Business plan'],
      ['prod_onboarding', 'Onboarding'],
      ['prod_usage', 'Usage'],
    ] as const)
      await stage.stripe.products.create({ id, name })
    return stage
  }

  async close(): Promise<void> {
    await this.recognition?.close()
    await Promise.all(this.servers.map((server) => server.close()))
  }

  /** The controls of the simulated Stripe: what no API call makes happen. */
  get control(): Simulators['stripe'] {
    return this.vendors.stripe
  }

  /** Another configuration from now on; what was posted stays as it was. */
  deploy(settings: Settings): void {
    this.lanes.deploy(configOf({ ...this.settings, ...settings }))
  }

  // ── Time ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Everything that is due now is done: by Stripe, on its way, and in the lanes. */
  async work(): Promise<void> {
    let busy = true
    while (busy) {
      this.vendors.stripe.runDue()
      const deliveries = this.vendors.stripe.takeDeliveries()
      for (const delivery of deliveries) {
        await this.lanes.takeIn(delivery.body)
        delivery.settle(200)
      }
      busy = (await this.lanes.workOnce()) || deliveries.length > 0
    }
  }

  /** Works on until then, from one moment at which something happens to the next. */
  async play(hours: number): Promise<void> {
    const untilMs = this.clock.now() + hours * HOUR_MS
    for (;;) {
      await this.work()
      const moments = [this.lanes.nextDueMs(), this.vendors.stripe.nextDue()].filter(
        (moment) => moment !== undefined,
      )
      const next = Math.min(...moments)
      if (next >= untilMs) break
      this.clock.advance(Math.max(next - this.clock.now(), 0))
    }
    this.clock.advance(untilMs - this.clock.now())
    await this.work()
  }

  /** Until 18:00 UTC of that day, 'YYYY-MM-DD': 11:00 in Los Angeles, 10:00 from November on. */
  async on(date: string): Promise<void> {
    await this.play((Date.parse(`${date}T18:00:00Z`) - this.clock.now()) / HOUR_MS)
  }

  /** Accounting closes or reopens a month in NetSuite, 'YYYY-MM'. */
  period(action: 'close' | 'reopen', month: string): void {
    const { periods } = this.vendors.netsuite
    const id = periods.find(month) ?? ''
    if (action === 'close') periods.closePeriod(id)
    else periods.openPeriod(id)
  }

  /** hub replay: brings an object in step once more. */
  async replay(lane: (typeof LANES)[number], ref: ObjectRef): Promise<void> {
    await this.lanes.touch(lane, ref, 'replay')
    await this.work()
  }

  /** hub recognize: a journal for every month that is due through this one, 'YYYY-MM'. */
  async recognize(through: string): Promise<void> {
    const { netsuite } = this.config.connectors
    this.recognition ??= await startRecognition({
      config: netsuite,
      stripe: this.stripe,
      clock: this.clock,
      credentials: this.netsuiteCredentials,
    })
    await this.recognition.recognize(through)
  }

  /** Where revenue journals are stored, once there were any. */
  get subLedger(): { s3: S3Client; bucket: string } | undefined {
    return this.recognition?.place
  }

  /** The hub's own. */
  get netsuiteCredentials() {
    return {
      auth: 'oauth2' as const,
      ...NETSUITE,
      privateKey: this.vendors.netsuitePrivateKey,
      algorithm: 'ES256' as const,
      baseUrl: this.urls.netsuite,
    }
  }

  // ── What a billing team does ────────────────────────────────────────────────────────────────────────────────

  /** In Portland, with a card that works. @returns the id. */
  async customer(params: Stripe.CustomerCreateParams = {}): Promise<string> {
    const { id } = await this.stripe.customers.create({
      name: 'Acorn Analytics',
      email: 'billing@acorn.example',
      address: PORTLAND,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
      ...params,
    })
    return id
  }

  /** A draft with these lines; it is not worked on yet. @returns its id. */
  draft(
    customer: string,
    lines: readonly BillLine[],
    params: Partial<Stripe.InvoiceCreateParams> = {},
  ): Promise<string> {
    return createDraft(this.stripe, customer, lines, params)
  }

  /** A draft that the hub has taxed and released: sent, payable in 30 days. @returns its id. */
  async bill(
    customer: string,
    lines: readonly BillLine[] | number,
    params: Partial<Stripe.InvoiceCreateParams> = {},
  ): Promise<string> {
    const id = await this.draft(customer, typeof lines === 'number' ? [{ unit: lines }] : lines, params)
    await this.work()
    return id
  }

  /** A monthly plan that begins now through a schedule, whose first invoice is a draft as well. @returns the subscription's id. */
  async subscribe(customer: string, unit: number, product = 'prod_team'): Promise<string> {
    const price = await this.price(unit, product)
    const { subscription } = await this.stripe.subscriptionSchedules.create({
      customer,
      start_date: 'now',
      end_behavior: 'release',
      phases: [{ items: [{ price, quantity: 1 }], duration: { interval: 'month', interval_count: 12 } }],
    })
    await this.work()
    return typeof subscription === 'string' ? subscription : (subscription?.id ?? '')
  }

  /** Of a month, in dollars. */
  async price(unit: number, product = 'prod_team'): Promise<string> {
    const { id } = await this.stripe.prices.create({
      currency: 'usd',
      product,
      unit_amount: unit,
      recurring: { interval: 'month' },
    })
    return id
  }

  /** By the customer's card, or as `params` say. */
  async pay(invoice: string, params: Stripe.InvoicePayParams = {}): Promise<void> {
    await this.stripe.invoices.pay(invoice, params)
    await this.work()
  }

  /** @returns the note's id. */
  async credit(params: Stripe.CreditNoteCreateParams): Promise<string> {
    const { id } = await this.stripe.creditNotes.create(params)
    await this.work()
    return id
  }

  /** The line of an invoice, to be credited whole or in part, with its share of the tax. */
  async lineOf(invoice: string, index = 0): Promise<string> {
    const { lines } = await this.stripe.invoices.retrieve(invoice)
    return lines.data[index]?.id ?? ''
  }

  async chargeOf(customer: string): Promise<string> {
    const { data } = await this.stripe.charges.list({ customer, limit: 1 })
    return data[0]?.id ?? ''
  }

  // ── What stands ─────────────────────────────────────────────────────────────────────────────────────────────

  netsuite(): Promise<NetSuiteBooks> {
    return readBooks({
      baseUrl: this.urls.netsuite,
      ...NETSUITE,
      privateKey: this.vendors.netsuitePrivateKey,
      now: () => this.clock.now(),
      taxItems: [],
    })
  }

  avatax(): Promise<AvaTaxDocuments> {
    const { companyCode } = this.config.connectors.avalara
    return readAvaTax({ baseUrl: this.urls.avalara, ...AVALARA, companyCode })
  }

  names(): (text: string) => string {
    return namesOf(this.vendors.stripe)
  }

  /** What waits, for a person or for another try: 'netsuite invoice in_… NS-ITEM'. */
  async troubles(): Promise<string[]> {
    const found: string[] = []
    for (const lane of LANES) {
      for (const status of ['parked', 'waiting'] as const) {
        const states = await this.lanes.ledger.troubled(lane, status)
        found.push(...states.map(({ ref, trouble }) => `${lane} ${ref.type} ${ref.id} ${trouble?.code}`))
      }
    }
    return found
  }
}
