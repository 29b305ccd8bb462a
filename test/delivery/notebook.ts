// A vendor small enough to see through: pages in a notebook, each with an external id. Its connector is real (it
// obeys the contract), so that the delivery engine is tested without any SDK in between. Faults are the test's.
import type {
  Connector,
  Gathering,
  JsonObject,
  Manifest,
  ObjectRef,
  ReadRecord,
  RemoteRecord,
  Retiring,
  Writing,
  Written,
} from '../../shared/connector/contract.ts'
import { recordRef } from '../../shared/connector/contract.ts'
import type { HubError } from '../../shared/errors.ts'
import { permanent } from '../../shared/errors.ts'
import { idOf, isObject } from '../../shared/stripe/event.ts'

export const notebookManifest: Manifest = {
  name: 'notebook',
  title: 'Notebook',
  style: 'projection',
  routes: [
    { events: ['customer.created', 'customer.updated', 'customer.deleted'], root: 'customer', id: 'id' },
    { events: ['product.created', 'product.updated', 'product.deleted'], root: 'product', id: 'id' },
    {
      events: ['invoice.created', 'invoice.updated', 'invoice.finalized', 'invoice.paid', 'invoice.deleted'],
      root: 'invoice',
      id: 'id',
    },
    { events: ['invoice_payment.paid'], root: 'invoice', id: 'invoice' },
  ],
  objects: {
    customer: { deletable: true },
    product: { deletable: true, reusableId: true },
    invoice: { deletable: true, wholeLists: ['lines'] },
  },
  kinds: ['person', 'product', 'bill', 'bill_line'],
  resumeOrder: 1,
  pausable: true,
  queue: { batchSize: 100, batchWindowSeconds: 1, maximumConcurrency: 2 },
  vendor: { recordsPerCall: 50, parallelCalls: 2, accountConcurrency: 4 },
  afterUnknownOutcome: 'read-first',
}

interface Page {
  remoteId: string
  body: JsonObject
  retired: boolean
}

export class Notebook {
  readonly pages = new Map<string, Page>()
  writeCalls = 0
  readCalls = 0
  /** Sizes of the write calls, in order. */
  readonly callSizes: number[] = []
  /** Every write that arrived, by page: a money record must be here once. */
  readonly written: string[] = []
  private nextId = 1
  /** Decides a write call before it has any effect: throw to refuse it. */
  beforeWrite: (writings: readonly Writing[]) => void | Promise<void> = () => undefined
  /** Runs after the effect: throw to lose the answer. */
  afterWrite: (writings: readonly Writing[]) => void | Promise<void> = () => undefined
  manifest: Manifest = notebookManifest

  page(key: string): JsonObject | undefined {
    const page = this.pages.get(key)
    return page && !page.retired ? page.body : undefined
  }

  connector(): Connector {
    return {
      manifest: this.manifest,
      mapping: 'v1',
      gather: async (objects: readonly Gathering[]) => objects.map(() => ({ context: undefined })),
      project: (object) => project(object as JsonObject),
      standIn: (missing: ObjectRef, dependent) => {
        const name = (dependent as JsonObject).customer_name
        if (missing.type !== 'customer' || typeof name !== 'string') return []
        return [{ kind: 'person', externalId: missing.id, body: { name, deleted: true }, requires: [] }]
      },
      write: async (kind, writings) => this.write(kind, writings),
      read: async (kind, ids) => {
        this.readCalls += 1
        return ids.map((id): ReadRecord | undefined => {
          const page = this.pages.get(`${kind}/${id}`)
          return page && !page.retired ? { remoteId: page.remoteId, body: page.body } : undefined
        })
      },
      retire: async (_kind, records: readonly Retiring[]) =>
        records.map((record): Written => {
          const page = this.pages.get(record.key)
          if (page) page.retired = true
          return { remoteId: record.remoteId }
        }),
      probe: async () => undefined,
    }
  }

  private async write(kind: string, writings: readonly Writing[]): Promise<(Written | HubError)[]> {
    this.writeCalls += 1
    this.callSizes.push(writings.length)
    await this.beforeWrite(writings)
    const outcomes = writings.map(({ record, references }): Written => {
      const key = `${kind}/${record.externalId}`
      const remoteId = this.pages.get(key)?.remoteId ?? `page-${this.nextId++}`
      for (const value of Object.values(record.body)) {
        if (isObject(value) && typeof value.$record === 'string' && !(value.$record in references)) {
          throw new Error(`${key} refers to ${value.$record}, whose remote id is not known`)
        }
      }
      this.pages.set(key, { remoteId, body: record.body, retired: false })
      this.written.push(key)
      return { remoteId }
    })
    await this.afterWrite(writings)
    return outcomes
  }
}

function project(object: JsonObject): RemoteRecord[] {
  const id = String(object.id)
  switch (object.object) {
    case 'customer': {
      // Somebody who has no page of their own yet.
      if (object.waiting === true) return []
      if (!object.name) {
        throw permanent(`Customer ${id} has no name. Nothing was written.`, {
          code: 'NB-NAME',
          hint: 'Support: fill the field name in Stripe; it resumes alone.',
          waitsOn: [{ type: 'customer', id }],
        })
      }
      return [{ kind: 'person', externalId: id, body: { name: object.name }, requires: [] }]
    }
    case 'product':
      return [{ kind: 'product', externalId: id, body: { name: object.name ?? '' }, requires: [] }]
    case 'invoice': {
      const customer = idOf(object.customer) ?? ''
      const lines = isObject(object.lines) && Array.isArray(object.lines.data) ? object.lines.data : []
      const requires = [{ type: 'customer', id: customer }]
      return [
        {
          kind: 'bill',
          externalId: id,
          body: { status: object.status ?? '', person: recordRef('person', customer) },
          requires,
        },
        ...lines.filter(isObject).map((line) => ({
          kind: 'bill_line',
          externalId: String(line.id),
          body: { amount: String(line.amount), bill: recordRef('bill', id) },
          requires,
        })),
      ]
    }
    default:
      throw new TypeError(`no projection for ${String(object.object)}`)
  }
}
