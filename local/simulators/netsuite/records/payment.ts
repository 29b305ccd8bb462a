// Customer payments: cash, and credits of the customer that the payment joins to invoices on the way. What a credit
// settles is an application of the credit itself, not of the payment: "deleting a customer payment does not
// automatically unapply credits" (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N1292961.html).
//
// With a payment amount of zero "the general ledger isn't affected" (help bridgehead_N1481661, the road by which a
// journal's credit reaches an invoice), and no payment is kept: "when the amounts line up correctly no customer payment
// record will be created" (https://www.suitetoothconsulting.com/learn-about-the-intricacies-of-the-customer-payment-record/).
// So its external id is lost, and a resend finds the credit used. Reading: REST answers 204 with the id 0 in Location.
import { type Application, itemKey } from '../applications.ts'
import { type Company, totalOf } from '../company.ts'
import { missingValue, userError } from '../errors.ts'
import { formatScaled, type Scaled, sum } from '../money.ts'
import type { OpenItem } from '../open-items.ts'
import { asScaled, asText, isTrue } from '../schema.ts'
import { checkAmount, fillOldestFirst, findCredit, isUnticked, planApplications } from './apply-list.ts'
import { checkPlaces, type Draft, type Plan } from './header.ts'
import { overApplied, prepareSettlementHeader } from './settlement.ts'

interface UsedCredit {
  item: OpenItem
  /** Undefined: as much as is needed. */
  amount: Scaled | undefined
}

export function preparePayment(company: Company, draft: Draft): Plan {
  const { record } = draft
  prepareSettlementHeader(company, draft)
  const used = readCredits(company, draft)
  const given = asScaled(record.fields.payment)
  const creditRoom = sum(used.map(({ item, amount }) => amount ?? item.open))
  const planned = planApplications(company, draft, given === undefined ? undefined : given + creditRoom)
  const { applications, credits } = spendCredits(draft, planned, used)
  const applied = sum(applications.map(({ amount }) => amount))
  const joinsOnly = !draft.previous && given === undefined && credits.length > 0 && applied === 0n
  if (joinsOnly) return { credits, kept: false }
  // Reading: a payment without an amount is worth what it is applied to.
  const amount = given ?? (applied > 0n ? applied : undefined)
  if (amount === undefined) throw missingValue('Payment Amount', 'payment')
  // A zero that is written out is refused too: "Value 0.0 outside of valid min/max range for field payment" (seen in
  // codatio/codat-docs, pull request 1769; the sentence here is ours).
  if (amount <= 0n) throw userError('The payment amount must be greater than zero.', 'payment')
  checkPlaces(company, record, amount, 'payment', 'payment')
  if (applied + company.applications.appliedTo(record.id) > amount) throw overApplied(amount)
  record.fields.payment = amount
  record.fields.total = amount
  return {
    credits,
    applications: isTrue(record.fields.autoApply)
      ? fillOldestFirst(company, record, applications, totalOf(record))
      : applications,
  }
}

function readCredits(company: Company, { record, patch }: Draft): UsedCredit[] {
  return (patch.sublists.credit ?? []).flatMap((line, index) => {
    const path = `credit.items[${index}]`
    if (isUnticked(line)) return []
    const item = findCredit(company, record, line, path)
    const amount = asScaled(line.amount ?? undefined)
    if (amount !== undefined) checkAmount(company, record, item, { amount, open: item.open, path })
    return [{ item, amount }]
  })
}

/** Credits pay the lines of the request first, in its order; what they leave is the payment's. */
function spendCredits(
  { record, patch }: Draft,
  planned: Application[],
  used: UsedCredit[],
): { applications: Application[]; credits: Application[] } {
  const named = new Set((patch.sublists.apply ?? []).map((line) => asText(line.doc ?? undefined)))
  const rest = new Map(
    planned.map((application) => [itemKey(application.to, application.toLine), application]),
  )
  const credits: Application[] = []
  for (const { item, amount } of used) {
    let left = amount ?? item.open
    for (const [key, application] of rest) {
      if (left === 0n) break
      if (!named.has(application.to)) continue
      const part = application.amount < left ? application.amount : left
      credits.push({
        from: item.doc,
        fromLine: item.line,
        to: application.to,
        toLine: application.toLine,
        amount: part,
        date: asText(record.fields.tranDate) ?? '',
      })
      left -= part
      if (part === application.amount) rest.delete(key)
      else rest.set(key, { ...application, amount: application.amount - part })
    }
    if (left > 0n && amount !== undefined) {
      throw userError(
        `The credits are ${formatScaled(left)} more than what this payment is applied to.`,
        'credit',
      )
    }
  }
  return { applications: [...rest.values()], credits }
}
