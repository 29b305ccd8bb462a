// `hub parked`: what needs a person now, by cause: how many, since when, who mends it, and how it is tried again.
import process from 'node:process'
import Table from 'cli-table3'
import { minuteOf } from '../shared/calendar.ts'
import type { Clock } from '../shared/clock.ts'
import { type Parked, parkedObjects } from '../shared/trace/parked.ts'
import { openStageLedger } from './stage.ts'

export interface ParkedOptions {
  stage: string
  connector?: string
  code?: string
  json: boolean
  folder: string
  clock?: Clock
}

/** One cause: objects of one lane that are parked for one reason. */
interface Cause {
  connector: string
  code: string
  /** Of the oldest. */
  hint: string
  reason: string
  objects: Parked[]
}

/** Ids of one cause that are shown; the rest is in the JSON. */
const SHOWN = 3

/** @returns the exit code: 0 nothing is parked, 2 a person is needed. */
export async function parked(options: ParkedOptions): Promise<number> {
  const { ledger, manifests, close } = await openStageLedger(options)
  try {
    const causes = causesOf(await parkedObjects({ ledger, manifests }, options))
    process.stdout.write(options.json ? toJson(causes) : toText(causes))
    return causes.length === 0 ? 0 : 2
  } finally {
    await close()
  }
}

/** In the order of the objects: finance first, then the oldest. */
function causesOf(objects: readonly Parked[]): Cause[] {
  const groups = Map.groupBy(objects, ({ connector, code, hint }) => `${connector} ${code} ${hint ?? ''}`)
  return [...groups.values()].flatMap((group): Cause[] => {
    const [oldest] = group
    if (!oldest) return []
    const { connector, code, reason, hint = 'Look at the object in Stripe and in the system.' } = oldest
    return [{ connector, code, reason, hint, objects: group }]
  })
}

const toJson = (causes: readonly Cause[]): string =>
  `${JSON.stringify(
    causes.map(({ objects, ...cause }) => ({
      ...cause,
      count: objects.length,
      objects: objects.map(({ object, reason, sinceMs }) => ({
        ...object,
        reason,
        since: new Date(sinceMs).toISOString(),
      })),
    })),
    undefined,
    2,
  )}\n`

function toText(causes: readonly Cause[]): string {
  if (causes.length === 0) return 'Nothing is parked.\n'
  const table = new Table({
    head: ['system', 'code', 'objects', 'oldest', 'why, and who mends it'],
    style: { head: [], border: [] },
    colWidths: [12, 16, 30, 18, 64],
    wordWrap: true,
  })
  for (const { connector, code, reason, hint, objects } of causes) {
    const ids = objects.slice(0, SHOWN).map(({ object }) => object.id)
    const more = objects.length > SHOWN ? [`and ${objects.length - SHOWN} more`] : []
    const oldest = minuteOf(objects[0]?.sinceMs ?? 0)
    table.push([connector, code, [...ids, ...more].join('\n'), oldest, `${reason}\n→ ${hint}`])
  }
  const count = causes.reduce((sum, { objects }) => sum + objects.length, 0)
  return `${table.toString()}\n${count} parked. Each resumes alone when its object changes in Stripe; once a cause is mended: hub replay --parked --code <code> --dry-run\n`
}
