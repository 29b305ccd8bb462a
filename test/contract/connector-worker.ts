// A worker as the delivery engine is one, without ledger or queue: fetches a root as the manifest says, gathers,
// projects, and writes in the order of kinds. It remembers what it wrote, and hands every failure on as the error it
// is, after a look for what no error may tell.
import type Stripe from 'stripe'
import { expect } from 'vitest'
import type {
  Connector,
  JsonObject,
  KnownRecord,
  ObjectRef,
  ReadRecord,
  RecordKey,
  RemoteRecord,
  Written,
} from '../../shared/connector/contract.ts'
import { recordKey } from '../../shared/connector/contract.ts'
import { type HubError, isHubError } from '../../shared/errors.ts'
import { refKey } from '../../shared/ledger/ledger.ts'
import { createStripeReader, type StripeReader } from '../../shared/stripe/access.ts'

export type Outcome = Written | HubError

/** A record and the root it belongs to. */
export interface Standing {
  ref: ObjectRef
  record: RemoteRecord
  remoteId: string
}

export interface Gathered {
  object: JsonObject
  context: unknown
}

export class ContractWorker {
  readonly connector: Connector
  /** Every record this worker has written, in the order of writing. */
  readonly standing: Standing[] = []
  private readonly reader: StripeReader
  private readonly forbidden: readonly string[]
  private readonly known = new Map<string, Record<RecordKey, KnownRecord>>()
  private readonly kept = new Map<string, JsonObject>()
  private readonly references: Record<RecordKey, string> = {}

  /** @param forbidden texts that no error may contain. */
  constructor(connector: Connector, stripe: Stripe, forbidden: readonly string[]) {
    this.connector = connector
    this.reader = createStripeReader(stripe)
    this.forbidden = forbidden
  }

  async gather(ref: ObjectRef): Promise<Gathered> {
    const fetched = await this.reader.fetch(ref, this.connector.manifest.objects[ref.type])
    if (!('object' in fetched)) throw new Error(`${refKey(ref)} is not in the simulated Stripe.`)
    const { object } = fetched
    const key = refKey(ref)
    const gathering = { ref, object, keep: this.kept.get(key), known: this.known.get(key) ?? {} }
    const outcomes = await this.connector.gather([gathering])
    expect(outcomes, 'one outcome per object').toHaveLength(1)
    const [outcome] = outcomes
    if (!outcome || isHubError(outcome)) throw this.heard(outcome)
    if (outcome.keep) this.kept.set(key, outcome.keep)
    return { object, context: outcome.context }
  }

  async project(ref: ObjectRef): Promise<RemoteRecord[]> {
    const { object, context } = await this.gather(ref)
    return this.connector.project(object, context)
  }

  /** Makes all records of a root stand. @throws the first failure. */
  async deliver(ref: ObjectRef, onlyBefore?: string): Promise<void> {
    const records = await this.project(ref)
    for (const kind of this.connector.manifest.kinds) {
      if (kind === onlyBefore) return
      const ofKind = records.filter((record) => record.kind === kind)
      if (ofKind.length === 0) continue
      for (const outcome of await this.write(ref, ofKind)) if (isHubError(outcome)) throw outcome
    }
  }

  /** Records of one kind in one call; a call that throws has failed for each of them. */
  async write(ref: ObjectRef, records: readonly RemoteRecord[]): Promise<Outcome[]> {
    const kind = records[0]?.kind ?? ''
    const known = this.known.get(refKey(ref)) ?? {}
    const writings = records.map((record) => ({
      record,
      references: { ...this.references },
      known: known[recordKey(record)],
    }))
    const outcomes = await this.attempt(records.length, () => this.connector.write(kind, writings))
    records.forEach((record, index) => {
      const outcome = outcomes[index]
      if (!outcome || isHubError(outcome)) return
      const key = recordKey(record)
      known[key] = { remoteId: outcome.remoteId }
      this.references[key] = outcome.remoteId
      const before = this.standing.findIndex((standing) => recordKey(standing.record) === key)
      if (before >= 0) this.standing.splice(before, 1)
      this.standing.push({ ref, record, remoteId: outcome.remoteId })
    })
    this.known.set(refKey(ref), known)
    return outcomes
  }

  async retire(kind: string, standing: readonly Standing[]): Promise<Outcome[]> {
    const retirings = standing.map(({ ref, record, remoteId }) => ({
      key: recordKey(record),
      kind,
      externalId: record.externalId,
      remoteId,
      ref,
    }))
    return this.attempt(retirings.length, () => this.connector.retire(kind, retirings))
  }

  async read(kind: string, externalId: string): Promise<ReadRecord | undefined> {
    const found = await this.connector.read(kind, [externalId])
    expect(found, 'one answer per external id').toHaveLength(1)
    return found[0]
  }

  /** After an unknown outcome, in the way the manifest declares. */
  async settle(ref: ObjectRef, record: RemoteRecord): Promise<Outcome> {
    if (this.connector.manifest.afterUnknownOutcome === 'read-first') {
      const found = await this.read(record.kind, record.externalId)
      if (found && JSON.stringify(sorted(found.body)) === JSON.stringify(sorted(record.body))) return found
    }
    const [outcome] = await this.write(ref, [record])
    if (!outcome) throw new Error('The connector gave no outcome.')
    return outcome
  }

  async attempt(count: number, call: () => Promise<Outcome[]>): Promise<Outcome[]> {
    let outcomes: Outcome[]
    try {
      outcomes = await call()
    } catch (error) {
      const failure = this.heard(error)
      return Array.from({ length: count }, () => failure)
    }
    expect(outcomes, 'one outcome per record').toHaveLength(count)
    for (const outcome of outcomes) if (isHubError(outcome)) this.heard(outcome)
    return outcomes
  }

  /** The error a call ended with. */
  async failureOf(call: () => Promise<unknown>): Promise<HubError> {
    const answer = await call().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
    if ('value' in answer) throw new Error(`It should have failed: ${JSON.stringify(answer.value)}`)
    return this.heard(answer.error)
  }

  /** Connectors speak in HubErrors alone, and those say nothing secret or personal, in their causes neither. */
  private heard(error: unknown): HubError {
    if (!isHubError(error)) throw new Error('The connector threw what is no HubError.', { cause: error })
    const told = textsOf(error).join('\n')
    for (const text of this.forbidden) expect(told, `${error.code} tells`).not.toContain(text)
    return error
  }
}

function textsOf(error: HubError): string[] {
  const own = [error.message, error.code, error.hint ?? '', error.detail ?? '', JSON.stringify(error.waitsOn)]
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) own.push(cause.message)
  return own
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}
