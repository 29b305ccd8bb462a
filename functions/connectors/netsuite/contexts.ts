// From what was gathered to the projection's input: the context of each root, and what of it is kept for good.
import type { Gathering, RecordKey } from '../../../shared/connector/contract.ts'
import { recordKey } from '../../../shared/connector/contract.ts'
import { invariant } from '../../../shared/errors.ts'
import {
  type Books,
  type Context,
  type DocumentName,
  type Fees,
  type KeptChoices,
  type PostingPeriod,
  RECORDS,
  type Settlement,
} from './books.ts'
import { isPosted } from './known-records.ts'
import type { Needs } from './needs.ts'
import type { Root } from './project.ts'

/** What Stripe said once and does not change: not asked again. */
export function factsOf(needs: Needs, id: string): Partial<KeptChoices> {
  switch (needs.root) {
    case 'invoice':
      return {
        ...foreignOnly(needs.settlements, needs.currency),
        ...keptFees(needs.fees),
        ...(Object.keys(needs.reversals).length > 0 && { isNoteReversed: true }),
      }
    case 'refund':
      return {
        ...(needs.settlement && foreignOnly({ [id]: needs.settlement }, needs.currency)),
        ...(needs.source?.again?.length && { again: needs.source.again }),
        ...keptFees(needs.fees),
      }
    case 'payout':
      return needs.sums ? { payout: needs.sums } : {}
    case 'dispute':
      return needs.lostAtSeconds === undefined ? {} : { lostAtSeconds: needs.lostAtSeconds }
    default:
      return {}
  }
}

/** What was settled in its own currency is as if nobody had asked: not kept, for every state is paid by its size. */
function foreignOnly(settlements: Record<string, Settlement>, currency: string): Partial<KeptChoices> {
  const foreign = Object.entries(settlements).filter(
    ([, settlement]) => settlement.currency !== currency.toUpperCase(),
  )
  return foreign.length > 0 ? { settlements: Object.fromEntries(foreign) } : {}
}

const keptFees = (fees: Record<string, Fees>): Partial<KeptChoices> =>
  Object.keys(fees).length > 0 ? { fees } : {}

export function contextOf(
  needs: Needs,
  gathering: Gathering<Root>,
  choices: { books: Books; periods: Record<RecordKey, PostingPeriod> },
): Context {
  const posted = (document: DocumentName) => isPosted(gathering, recordKey(document))
  const { id } = gathering.ref
  switch (needs.root) {
    case 'credit_note': {
      const { invoice, creditNotes, balance, reversals } = needs
      const memo = RECORDS.creditMemo(id)
      return { root: needs.root, invoice, creditNotes, balance, reversals, posted: posted(memo), ...choices }
    }
    case 'refund':
      return {
        root: needs.root,
        source: needs.source,
        settlement: needs.settlement,
        fees: needs.fees,
        posted: posted(RECORDS.refund(id)),
        postedAlone: posted(RECORDS.loneRefundMemo(id)),
        ...choices,
      }
    case 'invoice': {
      const { creditNotes, balance, settlements, fees, reversals, soldCreditsMinor } = needs
      return {
        root: needs.root,
        creditNotes,
        balance,
        isUnapplied: posted(RECORDS.unapplied(id)),
        settlements,
        fees,
        reversals,
        ...(soldCreditsMinor !== undefined && { soldCreditsMinor }),
        ...choices,
      }
    }
    case 'dispute': {
      const { invoiceId, customerId, lostAtSeconds } = needs
      return { root: needs.root, invoiceId, customerId, lostAtSeconds, ...choices }
    }
    case 'billing.credit_grant': {
      return { root: needs.root, expired: needs.expired, ...choices }
    }
    case 'payout': {
      const { sums, returnedAtSeconds } = needs
      return { root: needs.root, sums, returnedAtSeconds, posted: posted(RECORDS.payout(id)), ...choices }
    }
    default:
      throw invariant(`A ${needs.root} has no documents.`)
  }
}
