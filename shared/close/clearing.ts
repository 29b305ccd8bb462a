// Check (b): what stands on the Stripe clearing accounts is the Stripe balance at the cut-off. The balance is rolled forward
// from its own movements and held against what Stripe says it is now; each movement that the books show at another time, or
// never, is an explained difference; anything else is a break, named by its document.
import {
  type Break,
  type Check,
  check,
  type Explained,
  Figures,
  type Finding,
  type Reading,
  spoken,
} from './check.ts'
import type { BalanceEntry, ClearingBooks, StripeBalance } from './facts.ts'
import { isWithin, type Period } from './period.ts'

export interface ClearingInputs {
  balance: Reading<StripeBalance>
  books: Reading<ClearingBooks>
}

export const checkClearing = (period: Period, { balance, books }: ClearingInputs): Check =>
  check('clearing', 'Clearing accounts hold the Stripe balance', [balance, books], (stripe, netsuite) =>
    judge(period, stripe, netsuite),
  )

function judge(period: Period, stripe: StripeBalance, books: ClearingBooks): Finding {
  const figures = new Figures(['stripe', 'expected', 'netsuite'])
  const currencies = new Set([
    ...stripe.entries.map(({ currency }) => currency),
    ...books.lines.map(({ currency }) => currency),
    ...Object.keys(books.openingMinor),
  ])
  const breaks: Break[] = []
  const explained: Explained[] = []
  for (const currency of [...currencies].sort()) {
    const entries = stripe.entries.filter((entry) => entry.currency === currency)
    const lines = books.lines.filter((line) => line.currency === currency)
    const opening = {
      stripe: sum(entries.filter(({ day }) => day < period.firstDay)),
      expected: sum(entries.filter(({ booked }) => booked && booked.day < period.firstDay)),
      netsuite: books.openingMinor[currency] ?? 0n,
    }
    const movements = {
      stripe: sum(entries.filter(({ day }) => isWithin(day, period))),
      expected: sum(entries.filter(({ booked }) => booked && isWithin(booked.day, period))),
      netsuite: sum(lines),
    }
    for (const column of ['stripe', 'expected', 'netsuite'] as const) {
      figures.add(currency, 'opening', column, opening[column])
      figures.add(currency, 'movements', column, movements[column])
      figures.add(currency, 'closing', column, opening[column] + movements[column])
    }
    explained.push(...timing(currency, entries, period))
    breaks.push(
      ...rollForward(currency, entries, stripe.nowMinor[currency] ?? 0n),
      ...openingBreak(currency, opening, period),
      ...documentBreaks(currency, entries, lines, period),
    )
  }
  breaks.push(...payoutBreaks(stripe))
  return { figures: figures.list(), breaks, explained }
}

const sum = (parts: readonly { amountMinor: bigint }[]): bigint =>
  parts.reduce((total, { amountMinor }) => total + amountMinor, 0n)

/** Expected = Stripe's closing + these. */
function timing(currency: string, entries: readonly BalanceEntry[], { lastDay }: Period): Explained[] {
  const differences = entries.flatMap((entry) => {
    const inStripe = entry.day <= lastDay
    const inBooks = entry.booked !== undefined && entry.booked.day <= lastDay
    if (inStripe === inBooks) return []
    return [{ reason: entry.reason, amountMinor: inBooks ? entry.amountMinor : -entry.amountMinor }]
  })
  return [...Map.groupBy(differences, ({ reason }) => reason)].map(([why, group]) => ({
    object: `${group.length} ${group.length === 1 ? 'movement' : 'movements'}`,
    currency,
    amountMinor: sum(group),
    why,
  }))
}

function rollForward(currency: string, entries: readonly BalanceEntry[], nowMinor: bigint): Break[] {
  const rolled = sum(entries)
  if (rolled === nowMinor) return []
  return [
    {
      object: `Stripe balance ${currency}`,
      currency,
      amountMinor: nowMinor - rolled,
      cause: 'roll-forward',
      why: `All movements sum to ${spoken(rolled, currency)}, and Stripe says that the balance is ${spoken(nowMinor, currency)}.`,
      owner: 'Engineering',
      next: 'Ask again: money may have moved while it was read. If it stays, a list of balance transactions was cut.',
    },
  ]
}

function openingBreak(
  currency: string,
  { expected, netsuite }: { expected: bigint; netsuite: bigint },
  { firstDay }: Period,
): Break[] {
  if (expected === netsuite) return []
  return [
    {
      object: `clearing ${currency}`,
      currency,
      amountMinor: netsuite - expected,
      cause: 'opening-differs',
      why: `Before ${firstDay} the clearing account holds ${spoken(netsuite, currency)}; by Stripe's movements it should be ${spoken(expected, currency)}.`,
      owner: 'Accounting',
      next: 'Close the month before first: the difference is older than this one.',
    },
  ]
}

/** The sum of the month's breaks is what the closing is off by, beside the opening. */
function documentBreaks(
  currency: string,
  entries: readonly BalanceEntry[],
  lines: readonly { document: string; amountMinor: bigint }[],
  period: Period,
): Break[] {
  const wanted = new Map<string, bigint>()
  for (const { booked, amountMinor } of entries) {
    if (!booked || !isWithin(booked.day, period)) continue
    wanted.set(booked.document, (wanted.get(booked.document) ?? 0n) + amountMinor)
  }
  const found = new Map<string, bigint>()
  for (const { document, amountMinor } of lines)
    found.set(document, (found.get(document) ?? 0n) + amountMinor)
  return [...new Set([...wanted.keys(), ...found.keys()])].sort().flatMap((document) => {
    const [expected, actual] = [wanted.get(document) ?? 0n, found.get(document) ?? 0n]
    if (expected === actual) return []
    const at = { object: document || 'a document without an external id', currency }
    const owner = 'Accounting'
    if (!wanted.has(document)) {
      return [
        {
          ...at,
          amountMinor: actual,
          cause: 'clearing-without-stripe',
          why: `NetSuite moves ${spoken(actual, currency)} on the clearing account with it in ${period.month}; Stripe's balance did not move so.`,
          owner,
          next: 'Move it to the account where it belongs with a dated journal, or compare its date with Stripe.',
        },
      ]
    }
    return [
      {
        ...at,
        amountMinor: actual - expected,
        cause: found.has(document) ? 'clearing-amount' : 'clearing-missing',
        why: `Stripe's balance moved by ${spoken(expected, currency)} with it; the clearing account by ${spoken(actual, currency)}.`,
        owner,
        next: `hub trace ${document.split('-')[0]} says what stands; a dated journal posts the difference.`,
      },
    ]
  })
}

/** Only where Stripe itemizes the payout. */
const payoutBreaks = ({ payouts }: StripeBalance): Break[] =>
  payouts.flatMap(({ id, currency, amountMinor, entriesMinor }) => {
    if (entriesMinor === undefined || entriesMinor === amountMinor) return []
    return [
      {
        object: `payout ${id}`,
        currency,
        amountMinor: amountMinor - entriesMinor,
        cause: 'payout-entries',
        why: `The bank gets ${spoken(amountMinor, currency)}, and the movements that Stripe lists for it sum to ${spoken(entriesMinor, currency)}.`,
        owner: 'Accounting',
        next: "Ask Stripe's support with the payout's id; nothing is to be posted before.",
      },
    ]
  })
