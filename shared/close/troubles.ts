// Check (f): what is parked, waiting or blocked, with its amount, who has to act and since when. Parked or blocked: the month
// does not tie. Only waiting: it is on its way, and the month cannot be judged yet.
import { type Break, type Check, check, Figures, type Reading, spoken } from './check.ts'
import type { Trouble } from './facts.ts'

export interface Troubled extends Trouble {
  owner: string
  ageHours: number
}

/** Hints begin with who mends it: 'NetSuite admin: activate it, then …'. */
export function ownerOf({ hint, status }: Pick<Trouble, 'hint' | 'status'>): string {
  const [, owner] = /^([A-Z][\w' ]{1,30}):\s/.exec(hint) ?? []
  if (owner !== undefined) return owner
  return status === 'waiting' ? 'nobody: it is tried again by itself' : 'Engineering'
}

/** Oldest first. */
export const describeTroubles = (troubles: readonly Trouble[], nowSeconds: number): Troubled[] =>
  troubles
    .map((trouble) => ({
      ...trouble,
      owner: ownerOf(trouble),
      ageHours: Math.max(0, Math.floor((nowSeconds - trouble.sinceSeconds) / 3_600)),
    }))
    .sort((a, b) => a.sinceSeconds - b.sinceSeconds || (a.object < b.object ? -1 : 1))

export function checkTroubles(troubles: Reading<Trouble[]>): Check {
  const judged = check('troubles', 'Nothing is parked, waiting or blocked', [troubles], (list) => {
    const figures = new Figures(['parked', 'blocked', 'waiting'])
    for (const { currency, amountMinor, status } of list)
      if (currency !== undefined && amountMinor !== undefined)
        figures.add(currency, 'amount', status, amountMinor)
    return { figures: figures.list(), breaks: list.filter(({ status }) => status !== 'waiting').map(breakOf) }
  })
  const waiting = 'unread' in troubles ? [] : troubles.value.filter(({ status }) => status === 'waiting')
  if (waiting.length === 0 || judged.state === 'differs') return judged
  return {
    ...judged,
    state: 'unknown',
    unread: [
      ...judged.unread,
      {
        source: 'hub',
        why: `${waiting.length === 1 ? 'One object is' : `${waiting.length} objects are`} still on the way: ${waiting
          .map(({ object, system }) => `${object} to ${system}`)
          .slice(0, 3)
          .join(', ')}.`,
        owner: 'nobody: it is tried again by itself',
        next: 'Ask again in a quarter of an hour.',
        code: 'CLOSE-WAITING',
      },
    ],
  }
}

function breakOf(trouble: Trouble): Break {
  const { system, object, status, code, reason, hint, currency, amountMinor } = trouble
  const worth =
    currency !== undefined && amountMinor !== undefined ? ` (${spoken(amountMinor, currency)})` : ''
  return {
    object,
    ...(currency !== undefined && amountMinor !== undefined && { currency, amountMinor }),
    cause: code,
    why: `${object}${worth} is ${status} for ${system}: ${reason}`,
    owner: ownerOf(trouble),
    next: hint,
  }
}
