// Plays worked cases against the hub: each on a stage of its own, every document compared with what is written out by hand,
// and after each what must hold at any time: open in NetSuite = Stripe's amount_remaining, unless voided or written off; the
// clearing accounts = the Stripe balance; no posted document was ever written to again; the close of October and November
// ties, or names what the case says.
import { expect, test } from 'vitest'
import type { BooksCase, Family } from './case.ts'
import { unevenClearing } from './clearing.ts'
import { namedByClose } from './close-of-case.ts'
import { unevenReceivables } from './receivables.ts'
import { Stage } from './stage.ts'

/** A test for each case of these chapters. */
export function playCases(families: readonly Family[]): void {
  const named = families.flatMap(({ cases }) =>
    cases.map((each) => [`${each.number} ${each.title}`, each] as const),
  )
  test.for(named)('%s', async ([, each]) => {
    const stage = await Stage.open(each.settings)
    try {
      await each.happens(stage)
      await stage.work()
      expect(await whatStands(stage, each)).toEqual({
        netsuite: each.netsuite,
        avatax: each.avatax,
        jurisdictions: each.jurisdictions,
        balances: each.balances,
        parked: each.parked ?? [],
        changed: [],
        unevenReceivables: [],
        unevenClearing: [],
      })
      expect(await namedByClose(stage), 'named by the close').toEqual(each.close ?? [])
    } finally {
      await stage.close()
    }
  })
}

async function whatStands(stage: Stage, { jurisdictions, balances }: BooksCase) {
  const short = stage.names()
  const [books, tax, troubles] = [await stage.netsuite(), await stage.avatax(), await stage.troubles()]
  return {
    netsuite: books.documents.map(({ line }) => short(line)),
    avatax: tax.lines.map(short),
    jurisdictions: jurisdictions && tax.jurisdictions.map(short),
    balances: balances && books.balances,
    parked: troubles.map(short),
    changed: books.changed.map(short),
    unevenReceivables: (await unevenReceivables(stage, books, troubles)).map(short),
    // What waits is not in the books yet.
    unevenClearing: troubles.length > 0 ? [] : await unevenClearing(stage, books),
  }
}
