// What EVERY projecting connector must pass, over HTTP, with the vendor's real SDK against the vendor's simulator: the
// engine relies on all of it. What is one connector's own business stays in its connector.test.ts.
import type Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FaultEffect, Faults } from '../../local/simulators/simulator.ts'
import type { ManualClock } from '../../shared/clock.ts'
import type {
  Connector,
  JsonObject,
  Manifest,
  ObjectRef,
  RemoteRecord,
} from '../../shared/connector/contract.ts'
import { recordKey } from '../../shared/connector/contract.ts'
import { type HubErrorKind, isHubError } from '../../shared/errors.ts'
import { refKey } from '../../shared/ledger/ledger.ts'
import { ContractWorker, type Outcome, type Standing } from './connector-worker.ts'
import { describeManifest } from './manifest-suite.ts'
import { bodyFaults, deepFreeze, referencesIn } from './projection-rules.ts'
import { EMAIL } from './stripe-account.ts'

/** One connector on a fresh vendor, beside a Stripe that holds `stripe-account.ts`. */
export interface ContractSubject {
  connector: Connector
  /** Another worker on the same vendor: it shares nothing with the first. */
  connect(): Connector
  clock: ManualClock
  stripe: Stripe
  /** What the vendor holds under this external id, whole (for a change of an object: every time it was made). */
  stored(kind: string, externalId: string): readonly object[]
  /** Of the vendor that keeps the records and knows the credential. */
  faults: Faults
  /** What no error may contain, besides the customer's e-mail. */
  secrets: readonly string[]
  close(): Promise<void>
}

interface Endpoint {
  method?: string
  path: string
}

type WriteFault = Exclude<FaultEffect, 'timeout_before' | 'timeout_after' | 'expired_credential'>

/** A record that is written and read while its vendor fails. */
export interface FaultTarget<S> {
  root: ObjectRef
  kind: string
  /** The call that takes effect, and the call that reads. */
  write: Endpoint
  read: Endpoint
  /** Where these calls go, when that is not the vendor of the subject. */
  faults?(subject: S): Faults
  /** `settled`: the connector has looked by itself. Not given: `WRITE_FAULTS`. */
  tells?: Partial<Record<WriteFault, HubErrorKind | 'settled'>>
  /** What becomes of a wish for 7 s; undefined: the vendor or its SDK hides it. */
  retryAfterSeconds: number | undefined
}

/**
 * What retiring does in this system: nothing (`kept`), an error for a person (`refused`), the record's end (`absent`),
 * or these fields.
 */
export type AfterRetiring = 'kept' | 'refused' | 'absent' | JsonObject

export interface ContractCase<S extends ContractSubject> {
  manifest: Manifest
  start(): Promise<S>
  /** One of each root type at least, dependencies first. */
  roots: readonly ObjectRef[]
  targets: readonly FaultTarget<S>[]
  /** Three roots with a record of one kind, and how to make a record that the vendor does not take. */
  crowd: {
    kind: string
    roots: readonly ObjectRef[]
    spoil(record: RemoteRecord, subject: S): RemoteRecord
    refusal: HubErrorKind
  }
  afterRetiring: Readonly<Record<string, AfterRetiring>>
  /** `renewed`: a token that can be asked for anew. `fixed`: a key. */
  credential: 'renewed' | 'fixed'
}

/** A 500 may come after the effect, and so may a cut connection: nothing but an answer proves that nothing was done. */
const WRITE_FAULTS: readonly [WriteFault, HubErrorKind][] = [
  ['rate_limited', 'transient'],
  ['server_error', 'ambiguous'],
  ['unavailable', 'transient'],
  ['reset_before', 'ambiguous'],
  ['reset_after', 'ambiguous'],
]

/** The engine's longest wait between two attempts, and a second. */
const BACKOFF_MS = 61_000

export function describeConnector<S extends ContractSubject>(name: string, given: ContractCase<S>): void {
  describe(name, () => {
    const { manifest } = given
    let subject: S
    let worker: ContractWorker
    beforeEach(async () => {
      subject = await given.start()
      worker = workerOf(subject.connector)
    })
    afterEach(() => subject.close())

    const workerOf = (connector: Connector) =>
      new ContractWorker(connector, subject.stripe, [EMAIL, ...subject.secrets])

    /** Everything stands, as after a quiet day. */
    async function deliverAll(): Promise<readonly Standing[]> {
      for (const ref of given.roots) await worker.deliver(ref)
      return worker.standing
    }

    /** Everything that comes before this record stands. */
    async function prepare({ root, kind }: FaultTarget<S>): Promise<RemoteRecord> {
      for (const ref of given.roots) {
        if (refKey(ref) === refKey(root)) break
        await worker.deliver(ref)
      }
      await worker.deliver(root, kind)
      const record = (await worker.project(root)).find((each) => each.kind === kind)
      if (!record) throw new Error(`${refKey(root)} projects no ${kind}.`)
      return record
    }

    async function expectOne(target: FaultTarget<S>, record: RemoteRecord, outcome: Outcome | undefined) {
      if (!outcome || isHubError(outcome)) throw outcome ?? new Error('no outcome')
      expect(subject.stored(record.kind, record.externalId)).toHaveLength(1)
      const read = await worker.read(target.kind, record.externalId)
      expect(read).toEqual({ remoteId: outcome.remoteId, body: record.body })
    }

    describeManifest(manifest)

    describe('the projection', () => {
      it('is pure: frozen input gives the same records twice, and JSON keeps every body', async () => {
        for (const ref of given.roots) {
          const { object, context } = await worker.gather(ref)
          const before = JSON.stringify({ object, context })
          deepFreeze({ object, context })
          const records = worker.connector.project(object, context)
          expect(worker.connector.project(object, context), refKey(ref)).toStrictEqual(records)
          expect(worker.connector.project(structuredClone(object), context)).toStrictEqual(records)
          expect(JSON.stringify({ object, context })).toBe(before)
          for (const { body } of records) expect(JSON.parse(JSON.stringify(body))).toStrictEqual(body)
          await worker.deliver(ref)
        }
      })

      it('keeps to the manifest, gives each record one root, and no amount as a float', async () => {
        const keysOf = new Map<string, string[]>()
        const roots = new Set(given.roots.map(({ type }) => type))
        expect(
          Object.keys(manifest.objects).filter((type) => !roots.has(type)),
          'roots without a sample',
        ).toEqual([])
        for (const ref of given.roots) {
          const records = await worker.project(ref)
          const own = records.map(recordKey)
          for (const record of records) {
            const required = record.requires.map(refKey)
            expect(manifest.kinds).toContain(record.kind)
            expect(required).not.toContain(refKey(ref))
            expect(record.requires.filter(({ type }) => !(type in manifest.objects))).toEqual([])
            expect(bodyFaults(record.body), recordKey(record)).toEqual([])
            const covered = [...own, ...required.flatMap((key) => keysOf.get(key) ?? [])]
            expect(referencesIn(record.body).filter((key) => !covered.includes(key))).toEqual([])
          }
          keysOf.set(refKey(ref), own)
          await worker.deliver(ref)
        }
        const all = [...keysOf.values()].flat()
        expect(all).toEqual([...new Set(all)])
        const kinds = new Set(all.map((key) => key.slice(0, key.indexOf('/'))))
        expect(
          manifest.kinds.filter((kind) => !kinds.has(kind)),
          'kinds without a sample',
        ).toEqual([])
      })
    })

    describe('writing and reading', () => {
      it('reads back what it wrote, as the next projection has it', async () => {
        for (const ref of given.roots) await worker.deliver(ref)
        const standing = [...worker.standing]
        const again = new Map<string, RemoteRecord>()
        for (const ref of given.roots)
          for (const record of await worker.project(ref)) again.set(recordKey(record), record)
        for (const { record, remoteId } of standing) {
          const { body } = again.get(recordKey(record)) ?? record
          const read = await worker.read(record.kind, record.externalId)
          expect(read, recordKey(record)).toEqual({ remoteId, body })
        }
        expect(standing.length).toBeGreaterThan(0)
      })

      it('answers reads in order, with nothing for what does not stand', async () => {
        await deliverAll()
        for (const { record, remoteId } of worker.standing) {
          const missing = record.externalId.replace(/contract|draft/, 'missing')
          const read = await worker.connector.read(record.kind, [missing, record.externalId, `${missing}2`])
          expect(read.map((each) => each?.remoteId)).toEqual([undefined, remoteId, undefined])
        }
      })

      // Whole, not only what the projection writes: a line appended, or an address, would double in silence.
      it('leaves the one record as it is when it writes twice', async () => {
        const first = [...(await deliverAll())]
        const again = async ({ ref, record, remoteId }: Standing) => {
          const before = subject.stored(record.kind, record.externalId)
          expect(before, recordKey(record)).toHaveLength(1)
          expect(await worker.write(ref, [record]), recordKey(record)).toEqual([{ remoteId }])
          expect(subject.stored(record.kind, record.externalId), recordKey(record)).toEqual(before)
        }
        for (const each of first) if (!each.record.frozen) await again(each)
        // A posted document is not even touched: its time of last change stays.
        subject.clock.advance(BACKOFF_MS)
        for (const each of first) if (each.record.frozen) await again(each)
      })

      it('finds what stands when it knows nothing of it', async () => {
        const first = [...(await deliverAll())]
        const stranger = workerOf(subject.connect())
        for (const { ref, record, remoteId } of first) {
          const before = subject.stored(record.kind, record.externalId)
          expect(await stranger.write(ref, [record]), recordKey(record)).toEqual([{ remoteId }])
          expect(subject.stored(record.kind, record.externalId), recordKey(record)).toEqual(before)
        }
      })

      it('gives outcomes in order, and one bad record harms no other', async () => {
        const { kind, roots, spoil, refusal } = given.crowd
        for (const each of given.roots) {
          if (each.type === roots[0]?.type) break
          await worker.deliver(each)
        }
        const records: RemoteRecord[] = []
        for (const ref of roots) {
          records.push(...(await worker.project(ref)).filter((record) => record.kind === kind))
          await worker.deliver(ref, kind)
        }
        const [one, two, three] = records
        const ref = roots[1]
        if (!one || !two || !three || !ref) throw new Error('A crowd is three.')
        const outcomes = await worker.write(ref, [one, spoil(two, subject), three])
        expect(outcomes.map((outcome) => (isHubError(outcome) ? outcome.kind : 'written'))).toEqual([
          'written',
          refusal,
          'written',
        ])
        expect(records.map(({ externalId }) => subject.stored(kind, externalId).length)).toEqual([1, 0, 1])
        for (const [index, record] of [one, three].entries()) {
          const read = await worker.read(kind, record.externalId)
          expect(read).toEqual({ ...outcomes[index * 2], body: record.body })
        }
        // Mended, it stands too.
        subject.faults.clear()
        subject.clock.advance(BACKOFF_MS)
        const [mended] = await worker.write(ref, [two])
        if (!mended || isHubError(mended)) throw mended ?? new Error('no outcome')
        expect((await worker.read(kind, two.externalId))?.body).toEqual(two.body)
      })

      it('retires in its own way, and twice is fine', async () => {
        const standing = [...(await deliverAll())]
        for (const kind of [...manifest.kinds].reverse()) {
          const ofKind = standing.filter(({ record }) => record.kind === kind)
          const expected = given.afterRetiring[kind]
          if (!expected) throw new Error(`Nobody said what retiring does to a ${kind}.`)
          const before = await Promise.all(ofKind.map(({ record }) => worker.read(kind, record.externalId)))
          for (const time of ['once', 'twice']) {
            const outcomes = await worker.retire(kind, ofKind)
            expect(
              outcomes.map((outcome) => (isHubError(outcome) ? outcome.kind : outcome.remoteId)),
              `${kind} ${time}`,
            ).toEqual(ofKind.map(({ remoteId }) => (expected === 'refused' ? 'permanent' : remoteId)))
            const after = await Promise.all(ofKind.map(({ record }) => worker.read(kind, record.externalId)))
            if (expected === 'absent') expect(after).toEqual(ofKind.map(() => undefined))
            else if (typeof expected === 'string') expect(after).toEqual(before)
            else for (const read of after) expect(read?.body).toMatchObject(expected)
          }
        }
      })
    })

    describe.each(given.targets.map((target) => [target.kind, target] as const))(
      '%s under faults',
      (_, target) => {
        const faultsOf = () => target.faults?.(subject) ?? subject.faults

        it.each(WRITE_FAULTS)('a write met by %s', async (effect, usual) => {
          const expected = target.tells?.[effect] ?? usual
          const record = await prepare(target)
          faultsOf().add({ effect, ...target.write, retryAfterSeconds: 7 })
          const [failed] = await worker.write(target.root, [record])
          expect(faultsOf().hits[effect]).toBeGreaterThan(0)
          expect(isHubError(failed) ? failed.kind : 'settled').toBe(expected)
          if (effect === 'rate_limited')
            expect(isHubError(failed) && failed.retryAfterSeconds).toBe(target.retryAfterSeconds)
          faultsOf().clear()
          subject.clock.advance(BACKOFF_MS)
          await expectOne(target, record, await worker.settle(target.root, record))
        })

        it.each(WRITE_FAULTS)('a read met by %s', async (effect) => {
          const record = await prepare(target)
          await worker.write(target.root, [record])
          faultsOf().add({ effect, ...target.read })
          const error = await worker.failureOf(() => worker.connector.read(target.kind, [record.externalId]))
          expect(error.kind).toBe('transient')
          faultsOf().clear()
          expect((await worker.read(target.kind, record.externalId))?.body).toEqual(record.body)
        })

        it('a credential that has just expired', async () => {
          const record = await prepare(target)
          faultsOf().add({ effect: 'expired_credential', ...target.write, times: 1 })
          const [outcome] = await worker.write(target.root, [record])
          expect(faultsOf().hits.expired_credential).toBe(1)
          if (given.credential === 'fixed') {
            expect(isHubError(outcome) && outcome.kind).toBe('credential')
            subject.clock.advance(BACKOFF_MS)
            await expectOne(target, record, await worker.settle(target.root, record))
          } else {
            await expectOne(target, record, outcome)
          }
        })

        it('a credential that is refused however often it is renewed', async () => {
          const record = await prepare(target)
          faultsOf().add({ effect: 'expired_credential' })
          const [outcome] = await worker.write(target.root, [record])
          expect(isHubError(outcome) && outcome.kind).toBe('credential')
          const reading = () => worker.connector.read(target.kind, [record.externalId])
          expect((await worker.failureOf(reading)).kind).toBe('credential')
          faultsOf().clear()
          subject.clock.advance(BACKOFF_MS)
          await expectOne(target, record, await worker.settle(target.root, record))
        })
      },
    )

    describe('the probe', () => {
      it('resolves while the vendor works, and tells why it does not', async () => {
        await worker.connector.probe()
        for (const [effect] of WRITE_FAULTS) {
          subject.faults.add({ effect })
          expect((await worker.failureOf(() => worker.connector.probe())).kind, effect).toBe('transient')
          subject.faults.clear()
        }
        subject.faults.add({ effect: 'expired_credential' })
        expect((await worker.failureOf(() => worker.connector.probe())).kind).toBe('credential')
        subject.faults.clear()
        await worker.connector.probe()
      })
    })
  })
}
