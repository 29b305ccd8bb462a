// Makes the vendor's records stand as projected: in the order of kinds, in the vendor's largest calls, bisecting a
// call that is refused whole so that one bad record harms no neighbour.
import type pLimit from 'p-limit'
import type {
  Connector,
  ReadRecord,
  RecordKey,
  RemoteRecord,
  Retiring,
  Writing,
  Written,
} from '../connector/contract.ts'
import { recordKey } from '../connector/contract.ts'
import { canonicalJson } from '../connector/hash.ts'
import { HubError, invariant, isHubError } from '../errors.ts'
import { stands, type Task } from './task.ts'

export interface WriteContext {
  connector: Connector
  limit: ReturnType<typeof pLimit>
  /** True once the Lambda is about to be stopped: nothing new is begun. */
  outOfTime(): boolean
}

interface Pending {
  task: Task
  record: RemoteRecord
  key: RecordKey
  standing?: ReadRecord
}

/** Records of a task that are not known to stand as projected. */
export function recordsToWrite(task: Task): RemoteRecord[] {
  // A hash that was still there at the claim proves that no worker died since; only then does each record's own
  // hash speak for the vendor. A posted document is confirmed once and for all.
  const trusted = task.state?.hash !== undefined && !mustRead(task)
  return task.records.filter((record) => {
    const key = recordKey(record)
    const known = task.known[key]
    if (!known?.hash || !known.remoteId || known.retired) return true
    if (record.frozen) return false
    return !trusted || known.hash !== task.hashed?.recordHashes.get(key)
  })
}

/** Whether what stands at the vendor must be looked at before anything is written. */
function mustRead(task: Task): boolean {
  return task.state?.verify === true || task.takenOver || comparesWithVendor(task)
}

/** A touch that trusts no fingerprint: reads what stands and writes the difference. */
export function comparesWithVendor(task: Task): boolean {
  return task.touches.some(({ reason }) => reason === 'verify' || reason === 'replay')
}

/** Records once written that the projection no longer has; also those taken away already, where nothing is trusted. */
export function recordsToRetire(task: Task): RecordKey[] {
  const wanted = new Set<RecordKey>(task.records.map(recordKey))
  return (Object.keys(task.known) as RecordKey[]).filter(
    (key) => !wanted.has(key) && (!task.known[key]?.retired || comparesWithVendor(task)),
  )
}

/** Writes all records of all tasks; a failure becomes the outcome of its task (and of what depends on it). */
export async function writeRecords(tasks: readonly Task[], context: WriteContext): Promise<void> {
  const { manifest } = context.connector
  const levels = levelsOf(tasks)
  const pendingByKind = new Map<string, Pending[]>()
  for (const task of tasks) {
    for (const record of recordsToWrite(task)) {
      const pending = pendingByKind.get(record.kind) ?? []
      pending.push({ task, record, key: recordKey(record) })
      pendingByKind.set(record.kind, pending)
    }
  }
  for (const kind of manifest.kinds) {
    const ofKind = pendingByKind.get(kind) ?? []
    const depths = [...new Set(ofKind.map(({ task }) => levels.get(task.key) ?? 0))].sort((a, b) => a - b)
    for (const depth of depths) {
      failDependents(tasks)
      const ready = ofKind.filter(({ task }) => !task.outcome && (levels.get(task.key) ?? 0) === depth)
      await inChunks(ready, manifest.vendor.recordsPerCall, (chunk) =>
        context.limit(() => writeChunk(kind, chunk, context)),
      )
    }
  }
  failDependents(tasks)
}

/** Takes away what is no longer projected, what refers before what is referred to. */
export async function retireRecords(tasks: readonly Task[], context: WriteContext): Promise<void> {
  const { connector } = context
  const byKind = new Map<string, { task: Task; retiring: Omit<Retiring, 'remoteId'> }[]>()
  for (const task of tasks) {
    if (task.outcome) continue
    for (const key of recordsToRetire(task)) {
      const slash = key.indexOf('/')
      const kind = key.slice(0, slash)
      const list = byKind.get(kind) ?? []
      list.push({ task, retiring: { key, kind, externalId: key.slice(slash + 1), ref: task.ref } })
      byKind.set(kind, list)
    }
  }
  for (const kind of [...connector.manifest.kinds].reverse()) {
    await inChunks(byKind.get(kind) ?? [], connector.manifest.vendor.recordsPerCall, (chunk) =>
      context.limit(() => retireChunk(kind, chunk, context)),
    )
  }
}

async function writeChunk(kind: string, chunk: readonly Pending[], context: WriteContext): Promise<void> {
  const open = chunk.filter(({ task }) => !task.outcome)
  if (open.length === 0) return
  if (context.outOfTime()) {
    for (const { task } of open) task.outcome = { status: 'busy', why: 'deadline' }
    return
  }
  const left = await confirmByReading(kind, open, context)
  if (left.length === 0) return
  const outcomes = await attempt(left.map(toWriting), (writings) => context.connector.write(kind, writings))
  left.forEach((pending, index) => {
    pending.task.vendorWrites += 1
    settleRecord(
      pending,
      outcomes[index] ?? invariant(`${kind}: the connector gave no outcome for a record.`),
    )
  })
}

/** After an unknown outcome: what already stands as projected is confirmed, the rest is still to be written. */
async function confirmByReading(
  kind: string,
  pending: readonly Pending[],
  { connector }: WriteContext,
): Promise<Pending[]> {
  const doubtful = pending.filter(
    ({ task }) =>
      comparesWithVendor(task) || (mustRead(task) && connector.manifest.afterUnknownOutcome === 'read-first'),
  )
  if (doubtful.length === 0) return [...pending]
  let found: (ReadRecord | undefined)[]
  try {
    found = await connector.read(
      kind,
      doubtful.map(({ record }) => record.externalId),
    )
  } catch (error) {
    for (const { task } of doubtful) fail(task, asHubError(error))
    return pending.filter(({ task }) => !task.outcome)
  }
  const confirmed = new Set<Pending>()
  doubtful.forEach((item, index) => {
    const standing = found[index]
    if (!standing) return
    if (canonicalJson(standing.body) === canonicalJson(item.record.body)) {
      settleRecord(item, { remoteId: standing.remoteId })
      confirmed.add(item)
    } else item.standing = standing
  })
  return pending.filter((item) => !confirmed.has(item))
}

async function retireChunk(
  kind: string,
  chunk: readonly { task: Task; retiring: Omit<Retiring, 'remoteId'> }[],
  { connector }: WriteContext,
): Promise<void> {
  const open = chunk.filter(({ task }) => !task.outcome)
  if (open.length === 0) return
  try {
    // A write whose outcome is unknown may have left a record whose remote id nobody knows, and one that landed late
    // may have made a new one.
    const knownId = (task: Task, key: RecordKey) =>
      comparesWithVendor(task) ? undefined : task.known[key]?.remoteId
    const unknown = open.filter(({ task, retiring }) => !knownId(task, retiring.key))
    const found = unknown.length
      ? await connector.read(
          kind,
          unknown.map(({ retiring }) => retiring.externalId),
        )
      : []
    const read = new Map(unknown.map(({ retiring }, index) => [retiring.key, found[index]]))
    const standing = open.flatMap(({ task, retiring }) => {
      const record = read.get(retiring.key)
      const remoteId = knownId(task, retiring.key) ?? record?.remoteId
      if (remoteId)
        return [{ task, retiring: { ...retiring, remoteId, ...(record && { standing: record }) } }]
      task.known[retiring.key] = { ...task.known[retiring.key], retired: true }
      return []
    })
    if (standing.length === 0) return
    const outcomes = await attempt(
      standing.map(({ retiring }) => retiring),
      (records) => connector.retire(kind, records),
    )
    standing.forEach(({ task, retiring }, index) => {
      const outcome = outcomes[index]
      task.vendorWrites += 1
      if (!outcome || isHubError(outcome))
        fail(task, outcome ?? invariant(`${kind}: no outcome of a retirement.`))
      else task.known[retiring.key] = { remoteId: outcome.remoteId, retired: true }
    })
  } catch (error) {
    for (const { task } of open) fail(task, asHubError(error))
  }
}

/** One call; a refusal of the whole call is bisected down to the record that is to blame. */
async function attempt<T>(
  items: readonly T[],
  call: (items: readonly T[]) => Promise<(Written | HubError)[]>,
): Promise<(Written | HubError)[]> {
  try {
    return await call(items)
  } catch (error) {
    const failure = asHubError(error)
    const divisible = failure.kind === 'permanent' || failure.kind === 'invariant'
    if (!divisible || items.length === 1) return items.map(() => failure)
    const middle = Math.ceil(items.length / 2)
    return [...(await attempt(items.slice(0, middle), call)), ...(await attempt(items.slice(middle), call))]
  }
}

function settleRecord({ task, key }: Pending, outcome: Written | HubError): void {
  if (isHubError(outcome)) {
    fail(task, outcome)
    return
  }
  const hash = task.hashed?.recordHashes.get(key)
  // What stands in for a gone object has the form of a record taken away from the start.
  task.known[key] = { remoteId: outcome.remoteId, ...(hash && { hash }), ...(task.gone && { retired: true }) }
}

function toWriting({ task, record, key, standing }: Pending): Writing {
  const references: Record<RecordKey, string> = {}
  for (const { known } of [...task.dependencies.values(), task]) {
    for (const [name, { remoteId }] of Object.entries(known))
      if (remoteId) references[name as RecordKey] = remoteId
  }
  return { record, references, known: task.known[key], ...(standing && { standing }) }
}

/** The first failure decides; an unknown outcome is remembered whatever else happens. */
export function fail(task: Task, error: HubError): void {
  if (error.kind === 'ambiguous') task.unknownOutcome = true
  if (task.outcome && task.outcome.status !== 'waiting') return
  const parks = error.kind === 'permanent' || error.kind === 'invariant' || error.kind === 'rejected'
  task.outcome = parks ? { status: 'parked', error } : (task.outcome ?? { status: 'waiting', error })
}

/** A record cannot stand on one that failed: its task goes the same way, without an attempt of its own. */
export function failDependents(tasks: readonly Task[]): void {
  for (let changed = true; changed; ) {
    changed = false
    for (const task of tasks) {
      if (task.outcome) continue
      const failed = [...task.dependencies.values()].filter(doesNotStand)
      if (failed.length === 0) continue
      const parked = failed.find(({ outcome }) => outcome?.status === 'parked')
      task.outcome = parked
        ? { status: 'parked', error: waitsFor(task, parked.ref) }
        : { status: 'busy', why: 'dependency', behind: failed }
      changed = true
    }
  }
}

function doesNotStand({ claimed, known, outcome }: Task): boolean {
  if (!outcome || outcome.status === 'unchanged' || outcome.status === 'applied') return false
  // Somebody else has it in hand: what stands of it is there to be referred to.
  return claimed || (outcome.status === 'busy' && !stands(known))
}

export function waitsFor(task: Task, on: Task['ref']): HubError {
  return new HubError(
    'permanent',
    `${task.ref.type} ${task.ref.id} waits for ${on.type} ${on.id}, which is parked.`,
    {
      code: 'WAITS',
      hint: `Nothing to do here: it is redriven by itself once ${on.type} ${on.id} is mended.`,
      waitsOn: [on],
    },
  )
}

/** 0 for tasks that depend on none of the batch, else one more than the deepest they depend on. */
function levelsOf(tasks: readonly Task[]): Map<string, number> {
  const levels = new Map<string, number>()
  const visit = (task: Task, path: Set<string>): number => {
    const known = levels.get(task.key)
    if (known !== undefined) return known
    if (path.has(task.key)) throw invariant(`Records require each other in a circle at ${task.key}.`)
    path.add(task.key)
    let level = 0
    for (const dependency of task.dependencies.values()) level = Math.max(level, visit(dependency, path) + 1)
    path.delete(task.key)
    levels.set(task.key, level)
    return level
  }
  for (const task of tasks) visit(task, new Set())
  return levels
}

async function inChunks<T>(
  items: readonly T[],
  size: number,
  run: (chunk: T[]) => Promise<void>,
): Promise<void> {
  const chunks: Promise<void>[] = []
  for (let from = 0; from < items.length; from += size) chunks.push(run(items.slice(from, from + size)))
  await Promise.all(chunks)
}

/** Anything that is not a HubError is a defect of ours: it parks the record and is alarmed, it never spreads. */
export function asHubError(error: unknown): HubError {
  if (isHubError(error)) return error
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return invariant(`A defect stopped this record: ${text}`, {
    cause: error,
    hint: 'Engineering: this is a defect of the hub. Mend and deploy it, then hub replay --parked.',
  })
}
