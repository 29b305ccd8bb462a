// The memo for a refund that no credit note explains, by the policy of the configuration: goodwill leaves revenue and tax
// as they were sold; revenue-and-tax takes the invoice's lines back in proportion. PURE.
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import type { Money } from '../../../shared/money/money.ts'
import type { DocumentChoices, RefundSource } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { type Head, headFields, mapped } from './document-head.ts'
import { posted } from './issued.ts'
import { itemFields, singleItemField } from './item-lines.ts'
import { parked } from './parked.ts'
import { scaleLines } from './scale-lines.ts'
import { invoiceLines, sumOfLines } from './stripe-fields.ts'

export function loneRefundMemo(
  top: Head,
  amount: Money,
  context: DocumentChoices & { source: RefundSource | undefined },
  config: NetSuiteConfig,
): RemoteRecord {
  if ((context.books.loneRefunds ?? config.refundsWithoutCreditNote) === 'goodwill') {
    const item = mapped(context.books.goodwillItemId, top, {
      code: 'NS-GOODWILL-ITEM',
      why: 'no credit note explains it, and there is no goodwill item.',
      where: 'netsuite.goodwillItem (an item whose account is goodwill)',
    })
    return posted(top, {
      ...headFields(top, context, config),
      ...singleItemField(item, `Goodwill refund ${top.stripeId}`, amount, config),
    })
  }
  const invoice = context.source?.invoice
  const lines = invoice ? invoiceLines(invoice) : []
  if (sumOfLines(lines) < amount.amountMinor) {
    throw parked({
      code: 'NS-REFUND-ALONE',
      document: top.document,
      why: `no credit note explains it, and it exceeds the lines of invoice ${context.source?.invoiceId} that it could take back.`,
      hint: 'Accounting: issue a credit note in Stripe for the paid invoice and link this refund to it: it resumes alone.',
    })
  }
  return posted(top, {
    ...headFields(top, context, config),
    ...itemFields(
      { document: top.document, lines: scaleLines(lines, amount), total: amount, books: context.books },
      config,
    ),
  })
}
