// The lake: appends every event it is given, one Parquet file a batch and day, and beside them what Stripe answers
// for objects whose newest payload cannot be trusted. A file is named after its events, so the same batch given
// twice makes the same file. No event waits for, or is lost to, a fetch that fails: that is asked for again by itself.
import { createHash } from 'node:crypto'
import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import pLimit from 'p-limit'
import type { Clock } from '../../../shared/clock.ts'
import type { ObjectRef } from '../../../shared/connector/contract.ts'
import { type HubErrorKind, isHubError } from '../../../shared/errors.ts'
import type { StripeReader } from '../../../shared/stripe/access.ts'
import type { HubEvent } from '../../../shared/stripe/event.ts'
import { manifest } from './manifest.ts'
import { writeParquet } from './parquet.ts'
import {
  eventRow,
  findUncertain,
  type LakeRow,
  type Observation,
  observationRow,
  type Uncertain,
} from './rows.ts'
import { translateS3Error } from './s3-errors.ts'

export type { Observation } from './rows.ts'

export interface LakeEntry {
  event: HubEvent
  /** When ingest took it in: decides the partition, so a redelivery lands in the same file. */
  receivedAtMs: number
  /** The event's object, when somebody has fetched it already. */
  observation?: Observation
}

/** Undefined: Stripe does not have it, or the hub does not read this type. */
export type FetchWhole = (ref: ObjectRef) => Promise<Observation | undefined>

export interface Appended {
  files: { key: string; rows: number; bytes: number }[]
  observed: number
  /** Uncertain objects that could not be fetched; the view `unsettled` shows them until they are observed. */
  unobserved: Unobserved[]
}

export interface Unobserved {
  ref: ObjectRef
  why: string
  /** Asking again may help: Stripe did not answer, or there was no time left. */
  isAskedAgain: boolean
}

export interface Lake {
  /** @throws HubError transient | credential when S3 does not take the file: nothing is acknowledged then. */
  append(entries: readonly LakeEntry[]): Promise<Appended>
  /** Fetches objects (those of the view `unsettled`) and appends what Stripe answers. */
  observe(objects: readonly Uncertain[]): Promise<Appended>
  /** The cheapest call that shows that the bucket is there and ours. @throws HubError while it is not. */
  probe(): Promise<void>
}

export interface LakeOptions {
  s3: S3Client
  bucket: string
  clock: Clock
  /** Absent: nothing is fetched, and uncertain objects stay in the view `unsettled`. */
  fetchWhole?: FetchWhole
}

/** What ends by itself, or when somebody mends a key. */
const PASSING: ReadonlySet<HubErrorKind> = new Set(['transient', 'ambiguous', 'credential'])
/** Fetching stops here, well before a Lambda of 60 s ends; what is left is fetched later. */
const FETCH_BUDGET_MS = 20_000

export function createLake({ s3, bucket, clock, fetchWhole }: LakeOptions): Lake {
  const put = async (key: string, rows: readonly LakeRow[]) => {
    const body = writeParquet(rows)
    try {
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentType: 'application/vnd.apache.parquet',
        }),
      )
    } catch (error) {
      throw translateS3Error(error, `writing ${rows.length} events to the lake`)
    }
    return { key, rows: rows.length, bytes: body.byteLength }
  }

  const observeAll = async (objects: readonly Uncertain[]) => {
    const rows: LakeRow[] = []
    const unobserved: Appended['unobserved'] = []
    const stopAtMs = clock.now() + FETCH_BUDGET_MS
    const limit = pLimit(manifest.vendor.parallelCalls)
    const observeOne = async ({ ref, livemode, account }: Uncertain): Promise<Unobserved | undefined> => {
      // A fetch reads the hub's own account; another account's object of that id would be a different thing.
      if (!fetchWhole || account !== null) return { ref, why: 'not read by the hub', isAskedAgain: false }
      // An event that arrives while the answer is on its way may be news to it: the moment of asking is what counts.
      const askedAtMs = clock.now()
      if (askedAtMs >= stopAtMs) return { ref, why: 'no time left', isAskedAgain: true }
      try {
        const observation = await fetchWhole(ref)
        if (!observation)
          return { ref, why: 'not in Stripe, or of a type the hub does not read', isAskedAgain: false }
        rows.push(observationRow(ref, observation, { livemode, account }, askedAtMs))
      } catch (error) {
        if (!isHubError(error)) throw error
        return { ref, why: error.code, isAskedAgain: PASSING.has(error.kind) }
      }
    }
    await limit.map([...objects], async (object) => {
      const missed = await observeOne(object)
      if (missed) unobserved.push(missed)
    })
    return { rows, unobserved }
  }

  const write = async (events: readonly LakeRow[], observations: readonly LakeRow[]) => {
    const files: Appended['files'] = []
    for (const [day, rows] of byDay([...events, ...observations]))
      files.push(await put(fileKey(day, rows), rows))
    return files
  }

  return {
    async append(entries) {
      const events = onceEach(entries.map(({ event, receivedAtMs }) => eventRow(event, receivedAtMs)))
      const given = onceEach(entries.flatMap(givenObservation))
      const { rows, unobserved } = await observeAll(findUncertain([...events, ...given]))
      const observations = onceEach([...given, ...rows])
      return { files: await write(events, observations), observed: observations.length, unobserved }
    },
    async observe(objects) {
      const { rows, unobserved } = await observeAll(objects)
      const observations = onceEach(rows)
      return { files: await write([], observations), observed: observations.length, unobserved }
    },
    async probe() {
      try {
        await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'events/', MaxKeys: 1 }))
      } catch (error) {
        throw translateS3Error(error, 'looking into the lake')
      }
    },
  }
}

/** The usual `fetchWhole`: Stripe, with all pages of the lists that the manifest wants complete. */
export function createFetchWhole(reader: StripeReader): FetchWhole {
  return async (ref) => {
    if (!reader.canRead(ref.type)) return undefined
    const fetched = await reader.fetch(ref, manifest.objects[ref.type])
    if ('object' in fetched) return fetched
    if (fetched.gone === 'not-found') return undefined
    const object = { id: ref.id, object: ref.type, deleted: true }
    return { object, asOfSeconds: fetched.asOfSeconds }
  }
}

function givenObservation({ event, observation, receivedAtMs }: LakeEntry): LakeRow[] {
  if (!event.object || !observation) return []
  const of = { livemode: event.livemode, account: event.account ?? null }
  return [observationRow(event.object, observation, of, receivedAtMs)]
}

/** The first arrival of each, in the order of their ids: the same events give the same file. */
function onceEach(rows: readonly LakeRow[]): LakeRow[] {
  const first = new Map<string, LakeRow>()
  for (const row of rows) {
    const known = first.get(row.event_id)
    if (!known || row.arrived < known.arrived) first.set(row.event_id, row)
  }
  return [...first.values()].sort((a, b) => (a.event_id < b.event_id ? -1 : 1))
}

function byDay(rows: readonly LakeRow[]): Map<string, LakeRow[]> {
  return Map.groupBy(rows, (row) => new Date(row.arrived).toISOString().slice(0, 10))
}

/** Named after the events alone where there are any: a repeat may observe at another time, and shall overwrite. */
function fileKey(day: string, rows: readonly LakeRow[]): string {
  const ids = rows.filter((row) => row.source !== 'observation').map((row) => row.event_id)
  const named = ids.length > 0 ? ids : rows.map((row) => row.event_id)
  const hash = createHash('sha256').update(named.join('\n')).digest('hex').slice(0, 16)
  return `events/dt=${day}/${named[0]}-${hash}.parquet`
}
