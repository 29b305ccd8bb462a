// What a judgement rests on: the question that was asked, how many rows came, their hash and when. And a question that got no
// answer, in words for a person. Rows are hashed in the order in which they came, one by one, so that a long list costs no
// memory twice.
import { createHash } from 'node:crypto'
import type { Clock } from '../../shared/clock.ts'
import type { Evidence, Reading, Unread } from '../../shared/close/check.ts'
import { isHubError } from '../../shared/errors.ts'

/** Where a question stands: asked, so many rows, answered. */
export interface Asked {
  source: string
  query: string
  rows: number
  isAnswered: boolean
}

/** Hears of each question when it is asked, every 1,000 rows, and when it is answered. */
export type Progress = (asked: Asked) => void

const EVERY_ROWS = 1_000

export class Question {
  private readonly hash = createHash('sha256')
  private rows = 0
  private readonly source: string
  private readonly query: string
  private readonly asOf: string
  private readonly progress: Progress | undefined

  constructor(source: string, query: string, clock: Clock, progress?: Progress) {
    this.source = source
    this.query = query
    this.asOf = new Date(clock.now()).toISOString()
    this.progress = progress
    this.tell(false)
  }

  take<T>(row: T): T {
    this.rows += 1
    this.hash.update(
      JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
    )
    if (this.rows % EVERY_ROWS === 0) this.tell(false)
    return row
  }

  private tell(isAnswered: boolean): void {
    this.progress?.({ source: this.source, query: this.query, rows: this.rows, isAnswered })
  }

  evidence(): Evidence {
    const { source, query, rows, asOf } = this
    this.tell(true)
    return { source, query, rows, hash: this.hash.digest('hex').slice(0, 32), asOf }
  }
}

/** @param owner who can mend it when the error does not say. */
export function unreadOf(source: string, error: unknown, owner = 'Engineering'): Unread {
  if (isHubError(error)) {
    const named = /^([A-Z][\w' ]{1,30}):\s/.exec(error.hint ?? '')?.[1]
    return {
      source,
      why: `${error.message}${error.detail ? ` (${error.detail})` : ''}`,
      owner: named ?? (error.kind === 'transient' ? 'nobody: ask again' : owner),
      next: error.hint ?? 'Ask again in a few minutes.',
      code: error.code,
    }
  }
  return {
    source,
    why: `${source} could not be read: ${error instanceof Error ? error.message : String(error)}.`,
    owner,
    next: 'Ask again; if it stays so, look whether the system can be reached from here.',
    code: 'CLOSE-READ',
  }
}

export const notConnected = (source: string, field: string): Unread => ({
  source,
  why: `${source} is not connected, so nothing can be said of it.`,
  owner: 'Engineering',
  next: `hub.config.ts → connectors.${field}.`,
  code: 'CLOSE-OFF',
})

/** Everything that one source was asked, or the first question that it did not answer. */
export async function attempt<T>(
  source: string,
  read: () => Promise<{ value: T; evidence: Evidence[] }>,
): Promise<Reading<T>> {
  try {
    return await read()
  } catch (error) {
    return { unread: unreadOf(source, error) }
  }
}

export const map = <T, U>(reading: Reading<T>, use: (value: T) => U): Reading<U> =>
  'unread' in reading ? reading : { value: use(reading.value), evidence: reading.evidence }
