// Which tax records should stand for a Stripe object. PURE; imports no SDK. The fetching is gather's.
import type Stripe from 'stripe'
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { formerAutoAdvance } from '../../../shared/stripe/tax-hold-marker.ts'
import type { Calculation } from './calculation.ts'
import { creditNoteDocument, type DocumentFacts, invoiceDocument } from './document.ts'
import { refundDocument } from './refund-document.ts'
import { reissueBody, reissueIdOf } from './reissue-body.ts'
import type { Shares } from './returned-tax.ts'
import { type TakingBack, voidDocument } from './void-document.ts'

export type StripeRoot = Stripe.Invoice | Stripe.CreditNote | Stripe.Refund | Stripe.Customer | Stripe.Product

export type TaxContext =
  /** Left alone: `why` is kept in the object's state, where people see it. */
  | { does: 'nothing'; why: 'automatic_tax' | 'zero_invoice' | 'no_records' }
  | {
      does: 'tax'
      calculation: Calculation
      /** Stripe itself keeps this draft (paused collection, unpaid subscription): taxed, not released. */
      keptByStripe: boolean
      /** How the tax came about, where that is not as usual: stands in the invoice's metadata. */
      note?: string
    }
  /** `reissue`: credited and billed again with tax. */
  /** `takenBack`: it is void, and its sale stays beside a document that takes back the rest. */
  | { does: 'record'; facts: DocumentFacts; reissue?: boolean; takenBack?: TakingBack }
  | { does: 'return'; facts: DocumentFacts; invoice: Stripe.Invoice; shares?: Shares }
  /** A refund: `restMinor` of it no credit note explains. */
  | { does: 'give-back'; facts: DocumentFacts; invoice: Stripe.Invoice; restMinor: bigint }

export function projectTax(object: StripeRoot, context: TaxContext): RemoteRecord[] {
  if (object.object === 'invoice' && context.does === 'tax') {
    const former = formerAutoAdvance(object)
    return [
      {
        kind: 'stripeTax',
        externalId: object.id,
        requires: [],
        body: {
          former,
          ...(context.note && { note: context.note }),
          release: former === 'true' && !context.keptByStripe,
          rates: context.calculation.rates,
          lines: Object.fromEntries(
            Object.entries(context.calculation.lines).map(([id, { base, taxes }]) => [
              id,
              { base, taxes: [...taxes].sort((a, b) => (a.rate < b.rate ? -1 : 1)) },
            ]),
          ),
        },
      },
    ]
  }
  if (object.object === 'invoice' && context.does === 'record') {
    const { takenBack } = context
    const rest = takenBack && voidDocument(object, context.facts, takenBack)
    return [
      {
        kind: 'transaction',
        externalId: object.id,
        requires: [],
        body: invoiceDocument(object, context.facts, takenBack !== undefined),
      },
      ...(takenBack && rest
        ? [{ kind: 'transaction', externalId: takenBack.code, requires: [], body: rest }]
        : []),
      ...(context.reissue
        ? [
            {
              kind: 'transaction',
              externalId: reissueIdOf(object.id),
              requires: [],
              body: reissueBody(object),
            },
          ]
        : []),
    ]
  }
  if (object.object === 'credit_note' && context.does === 'return') {
    return [
      {
        kind: 'transaction',
        externalId: object.id,
        requires: [{ type: 'invoice', id: context.invoice.id }],
        body: creditNoteDocument(object, context.invoice, context.facts, context.shares),
      },
    ]
  }
  if (object.object === 'refund' && context.does === 'give-back') {
    return [
      {
        kind: 'transaction',
        externalId: object.id,
        requires: [{ type: 'invoice', id: context.invoice.id }],
        body: refundDocument(object, context.invoice, context.facts, context.restMinor),
      },
    ]
  }
  return []
}
