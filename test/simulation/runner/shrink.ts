// Makes a failing history small: plays it again without some of its faults and acts, and keeps what still fails with
// the same promise in the same system. Delta debugging, from large pieces to single ones, within a budget.
import type { Finding, HistoryOptions, HistoryResult } from '../result.ts'
import type { Played } from './play.ts'

export interface Small {
  options: HistoryOptions
  result: HistoryResult
  replays: number
}

export interface Budget {
  replays: number
  milliseconds: number
}

export const BUDGET: Budget = { replays: 60, milliseconds: 20_000 }

type Play = (options: HistoryOptions) => Promise<Played>
type Part = 'skip' | 'skipActs'

/** @param failing what the seed's whole history came to; its first finding is the one that is kept. */
export async function shrink(
  options: HistoryOptions,
  failing: HistoryResult,
  play: Play,
  budget: Budget = BUDGET,
): Promise<Small> {
  const [target] = failing.findings
  if (!target)
    throw new Error(`The history of seed ${options.seed} does not fail: there is nothing to shrink.`)
  const endMs = performance.now() + budget.milliseconds
  let small: Small = { options, result: failing, replays: 0 }
  const spent = () => small.replays >= budget.replays || performance.now() >= endMs

  /** @returns whether it still fails without them; then it stays so. */
  const tryWithout = async (part: Part, numbers: readonly number[]): Promise<boolean> => {
    const without = { ...small.options, [part]: new Set([...(small.options[part] ?? []), ...numbers]) }
    const played = await play(without)
    small.replays += 1
    if (!('result' in played) || !played.result.findings.some((finding) => isLike(finding, target)))
      return false
    small = { options: without, result: played.result, replays: small.replays }
    return true
  }

  const reduce = async (part: Part): Promise<boolean> => {
    let reduced = false
    for (let size = leftOf(small, part).length; size >= 1; size = Math.floor(size / 2)) {
      // From the end: what came after the failure has no part in it.
      for (let end = leftOf(small, part).length; end > 0 && !spent(); end -= size) {
        const piece = leftOf(small, part).slice(Math.max(0, end - size), end)
        // A shorter history may have lost more than the piece.
        if (piece.length === 0) continue
        if (await tryWithout(part, piece)) reduced = true
      }
      if (spent()) break
    }
    return reduced
  }

  // What can go without the others may only show once those are gone.
  for (let again = true; again && !spent(); ) {
    const faultsReduced = await reduce('skip')
    const actsReduced = await reduce('skipActs')
    again = faultsReduced || actsReduced
  }
  return small
}

/** The same promise broken in the same system: another object may stand for it once the story is shorter. */
export const isLike = (finding: Finding, target: Finding): boolean =>
  finding.promise === target.promise && finding.system === target.system

/** Numbers of the faults that happened, or of the acts, that are still in. */
function leftOf({ options, result }: Small, part: Part): number[] {
  const numbers = part === 'skip' ? result.occurrences.map(({ number }) => number) : result.acts.keys()
  return [...new Set(numbers)].filter((number) => !options[part]?.has(number))
}
