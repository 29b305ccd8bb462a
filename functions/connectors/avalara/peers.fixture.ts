// Two small HTTP peers for connector tests: a Stripe that holds drafts, lines and tax rates and replays idempotent
// answers, and an AvaTax that taxes at one rate and keeps documents. The simulators know every rule; these know just
// enough to be told exactly what to do wrong, and share no code with the connector.
import { type Context, Hono } from 'hono'
import {
  CallLog,
  Faults,
  faultMiddleware,
  type Listening,
  listen,
} from '../../../local/simulators/simulator.ts'

type Form = { [key: string]: string | Form }

const formAt = (value: string | Form | undefined): Form => (typeof value === 'object' ? value : {})
const textAt = (value: string | Form | undefined): string => (typeof value === 'string' ? value : '')
const forms = (value: string | Form | undefined): Form[] => Object.values(formAt(value)).map(formAt)

function parseForm(body: string): Form {
  const root: Form = {}
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.replaceAll(']', '').split('[')
    const last = path.pop() ?? ''
    let node = root
    for (const step of path) {
      const next = formAt(node[step])
      node[step] = next
      node = next
    }
    node[last] = value
  }
  return root
}

interface PeerTax {
  amount: number
  taxability_reason: string
  [field: string]: unknown
}
interface PeerLine {
  id: string
  taxes: PeerTax[]
}
export interface PeerInvoice {
  status: string
  auto_advance: boolean
  default_tax_rates: object[]
  metadata: Record<string, string>
  lines: { data: PeerLine[] }
  total_taxes?: PeerTax[]
}

interface PeerModel {
  type: string
  code: string
  date: string
  currencyCode: string
  addresses: { shipFrom: Record<string, string>; shipTo: Record<string, string> }
  taxOverride?: { taxDate?: string }
  lines: {
    number: string
    amount: number
    itemCode?: string
    taxCode?: string
    taxOverride?: { taxAmount?: number }
  }[]
  [field: string]: unknown
}
export interface PeerDocument {
  status: string
  locked: boolean
  addresses: Record<string, unknown>[]
  [field: string]: unknown
}

export class StripePeer {
  readonly faults = new Faults()
  readonly calls = new CallLog()
  /** By path: `invoices/in_1`. */
  readonly objects = new Map<string, object>()
  /** Every POST that arrived: path and idempotency key. */
  readonly posts: { path: string; key: string }[] = []
  /** Runs once, before the next POST whose path ends so takes effect. */
  beforePost: { ending: string; change: () => void } | undefined
  /** The next POST whose path ends so is answered by a 500 that is saved, and so replayed, under its key. */
  savedFailure: string | undefined
  /** As for lines with tax rates of their own. */
  refusesTaxAmounts = false
  private readonly answers = new Map<string, { status: number; body: string }>()
  private rates = 0
  private listening: Listening | undefined

  async start(): Promise<string> {
    const app = new Hono()
    app.use(
      '*',
      faultMiddleware(this.faults, this.calls, (fault) =>
        failed(fault.effect === 'rate_limited' ? 429 : 500),
      ),
    )
    app.get('/v1/:kind', (c) => {
      const prefix = `${c.req.param('kind')}/`
      const data = [...this.objects].filter(([path]) => path.startsWith(prefix)).map(([, object]) => object)
      return c.json({ object: 'list', url: c.req.path, has_more: false, data })
    })
    app.get('/v1/:kind/:id', (c) => this.show(c))
    app.post('/v1/invoices/:id', (c) => this.once(c, (form) => this.update(c.req.param('id'), form)))
    app.post('/v1/invoices/:id/update_lines', (c) =>
      this.once(c, (form) => this.taxLines(c.req.param('id'), form)),
    )
    app.post('/v1/invoices/:id/finalize', (c) =>
      this.once(c, (form) => this.finalize(c.req.param('id'), form)),
    )
    this.listening = await listen(app)
    return this.listening.url
  }

  stop = async () => this.listening?.close()
  forgetKeys = () => this.answers.clear()

  invoice(id: string): PeerInvoice {
    const invoice = this.objects.get(`invoices/${id}`)
    if (!invoice) throw new Error(`The peer has no invoice ${id}.`)
    return invoice as PeerInvoice
  }

  line(id: string, index: number): PeerLine {
    const line = this.invoice(id).lines.data[index]
    if (!line) throw new Error(`The peer's invoice ${id} has no line ${index}.`)
    return line
  }

  addLine(id: string, line: object): void {
    this.invoice(id).lines.data.push(line as PeerLine)
  }

  /** Changes an object in place, as a person would in the dashboard. */
  change(path: string, over: object): void {
    this.objects.set(path, { ...this.objects.get(path), ...over })
  }

  private show(c: Context) {
    const object = this.objects.get(`${c.req.param('kind')}/${c.req.param('id')}`)
    return object
      ? c.json(object)
      : c.json({ error: { type: 'invalid_request_error', code: 'resource_missing' } }, 404)
  }

  private async once(c: Context, work: (form: Form) => { status: number; body: unknown }) {
    const key = c.req.header('idempotency-key') ?? ''
    this.posts.push({ path: c.req.path, key })
    const form = parseForm(await c.req.text())
    const saved = this.answers.get(key)
    if (saved)
      return new Response(saved.body, {
        status: saved.status,
        headers: { 'content-type': 'application/json' },
      })
    if (this.beforePost && c.req.path.endsWith(this.beforePost.ending)) {
      this.beforePost.change()
      this.beforePost = undefined
    }
    const fails = this.savedFailure !== undefined && c.req.path.endsWith(this.savedFailure)
    if (fails) this.savedFailure = undefined
    const { status, body } = fails ? { status: 500, body: { error: { type: 'api_error' } } } : work(form)
    const text = JSON.stringify(body)
    this.answers.set(key, { status, body: text })
    return new Response(text, { status, headers: { 'content-type': 'application/json' } })
  }

  private update(id: string, form: Form) {
    const invoice = this.invoice(id)
    if (form.auto_advance !== undefined) invoice.auto_advance = form.auto_advance === 'true'
    if (form.default_tax_rates === '') invoice.default_tax_rates = []
    Object.assign(invoice.metadata, formAt(form.metadata))
    return { status: 200, body: invoice }
  }

  private taxLines(id: string, form: Form) {
    const invoice = this.invoice(id)
    if (invoice.status !== 'draft' || invoice.default_tax_rates.length > 0)
      return refused('invoice_not_editable')
    if (this.refusesTaxAmounts) return refused('parameter_invalid', 'lines[0][tax_amounts]')
    for (const update of forms(form.lines)) {
      const line = invoice.lines.data.find(({ id: lineId }) => lineId === update.id)
      if (!line) return refused('resource_missing')
      line.taxes = forms(update.tax_amounts).map((tax) => {
        const data = formAt(tax.tax_rate_data)
        return {
          amount: Number(tax.amount),
          tax_behavior: data.inclusive === 'true' ? 'inclusive' : 'exclusive',
          tax_rate_details: { tax_rate: this.taxRate(data) },
          taxability_reason: textAt(tax.taxability_reason),
          taxable_amount: Number(tax.taxable_amount),
          type: 'tax_rate_details',
        }
      })
    }
    return { status: 200, body: invoice }
  }

  private taxRate(data: Form): string {
    this.rates += 1
    const id = `txr_${this.rates}`
    this.objects.set(`tax_rates/${id}`, {
      id,
      object: 'tax_rate',
      jurisdiction: null,
      jurisdiction_level: null,
      country: null,
      state: null,
      tax_type: null,
      ...data,
      percentage: Number(data.percentage),
      inclusive: data.inclusive === 'true',
    })
    return id
  }

  private finalize(id: string, form: Form) {
    const invoice = this.invoice(id)
    if (invoice.status !== 'draft') return refused('invoice_not_editable')
    invoice.status = 'open'
    invoice.auto_advance = form.auto_advance === 'true'
    invoice.total_taxes = invoice.lines.data.flatMap((line) => line.taxes)
    return { status: 200, body: invoice }
  }
}

const refused = (code: string, param?: string) => ({
  status: 400,
  body: {
    error: { type: 'invalid_request_error', code, param, message: 'This invoice is no longer editable' },
  },
})
const failed = (status: number) =>
  Response.json({ error: { type: 'api_error', message: 'peer' } }, { status })

export class AvaTaxPeer {
  readonly faults = new Faults()
  readonly calls = new CallLog()
  /** By `type/code`. */
  readonly documents = new Map<string, PeerDocument>()
  readonly models: PeerModel[] = []
  rate = 0.1
  authenticated = true
  honoursOverrides = true
  private listening: Listening | undefined

  async start(): Promise<string> {
    const app = new Hono()
    app.use(
      '*',
      faultMiddleware(this.faults, this.calls, (fault) =>
        // A busy AvaTax answers JSON without `error`, which the SDK takes for success.
        fault.effect === 'rate_limited'
          ? Response.json({ message: 'Too many requests' }, { status: 429 })
          : fault.effect === 'expired_credential'
            ? avataxError('AuthenticationException', 401)
            : avataxError('InternalServerError', 500),
      ),
    )
    app.get('/api/v2/utilities/ping', (c) => c.json({ version: '26', authenticated: this.authenticated }))
    app.post('/api/v2/transactions/create', async (c) => this.calculate(await c.req.json()))
    app.post('/api/v2/transactions/createoradjust', async (c) => this.record(await c.req.json()))
    app.get('/api/v2/companies/ACME/transactions/:code', (c) => {
      const document = this.documents.get(`${c.req.query('documentType')}/${c.req.param('code')}`)
      return document ? c.json(document) : avataxError('EntityNotFoundError', 404)
    })
    app.post('/api/v2/companies/ACME/transactions/:code/void', (c) => {
      const document = this.documents.get(`${c.req.query('documentType')}/${c.req.param('code')}`)
      if (!document) return avataxError('EntityNotFoundError', 404)
      if (document.locked) return avataxError('CannotModifyLockedTransaction', 400)
      if (document.status === 'Cancelled') return avataxError('TransactionAlreadyCancelled', 400)
      document.status = 'Cancelled'
      return c.json(document)
    })
    this.listening = await listen(app)
    return this.listening.url
  }

  stop = async () => this.listening?.close()

  lock(key: string): void {
    const document = this.documents.get(key)
    if (!document) throw new Error(`The peer has no document ${key}.`)
    document.locked = true
  }

  private calculate(model: PeerModel) {
    this.models.push(model)
    const { shipTo } = model.addresses
    if (shipTo.city === 'Berlinn') return avataxError('InvalidAddress', 400)
    const lines = model.lines.map((line) => {
      const override = this.honoursOverrides ? line.taxOverride?.taxAmount : undefined
      const tax = override ?? Math.round(line.amount * this.rate * 100) / 100
      const detail = {
        country: shipTo.country, region: shipTo.region, jurisName: 'CALIFORNIA', jurisType: 'STA',
        taxName: 'CA STATE TAX', taxType: 'Sales', rate: this.rate, tax, taxableAmount: line.amount,
      } // biome-ignore format: one jurisdiction
      return {
        lineNumber: line.number, lineAmount: line.amount, tax, taxableAmount: line.amount,
        itemCode: line.itemCode, taxCode: line.taxCode, details: [detail],
      } // biome-ignore format: one line
    })
    const sum = (field: 'lineAmount' | 'tax') =>
      Math.round(lines.reduce((total, line) => total + line[field], 0) * 1000) / 1000
    return Response.json({
      code: model.code, type: model.type, status: 'Temporary', date: model.date, customerCode: model.customerCode,
      taxDate: model.taxOverride?.taxDate ?? model.date, currencyCode: model.currencyCode, locked: false,
      referenceCode: model.referenceCode, description: model.description, exemptNo: model.exemptionNo ?? '', entityUseCode: model.entityUseCode ?? '',
      businessIdentificationNo: model.businessIdentificationNo, destinationAddressId: 2,
      addresses: [{ id: 1, ...model.addresses.shipFrom }, { id: 2, ...shipTo }],
      totalAmount: sum('lineAmount'), totalTax: sum('tax'), lines,
    }) // biome-ignore format: one document
  }

  private async record({ createTransactionModel: model }: { createTransactionModel: PeerModel }) {
    const key = `${model.type}/${model.code}`
    if (this.documents.get(key)?.locked) return avataxError('CannotModifyLockedTransaction', 400)
    const answer = this.calculate(model)
    if (!answer.ok) return answer
    const document = { ...((await answer.json()) as PeerDocument), status: 'Committed' }
    this.documents.set(key, document)
    return Response.json(document)
  }
}

const avataxError = (code: string, status: number) =>
  Response.json(
    { error: { code, message: code, target: 'Unknown', details: [{ code, severity: 'Error' }] } },
    { status },
  )
