// AvaTax's documents of the month, and a few days around it so that a wrong date is seen for what it is; and those of what
// was voided in the month, or credited without a tax that AvaTax returned, whenever they are dated.
import type { Clock } from '../../shared/clock.ts'
import type { Evidence } from '../../shared/close/check.ts'
import type { TaxDocument } from '../../shared/close/facts.ts'
import { isWithin, type Period } from '../../shared/close/period.ts'
import type { ChargedTax, DeclaredTax } from '../../shared/close/tax-liability.ts'
import { decimalsOf, fromDecimal, parseDecimal } from '../../shared/money/money.ts'
import { addDays } from '../../shared/recognition/day.ts'
import type { TransactionAnswer } from '../connectors/avalara/answer.ts'
import type { AvaTax } from '../connectors/avalara/client.ts'
import { type Progress, Question } from './evidence.ts'

/** No zone differs by more than a day, and a document may be dated a day off on either side. */
const AROUND_DAYS = 2

/** Ends a document's referenceCode: what was charged contains the tax, and nobody charged it apart. */
const INCLUDED = ' TAX_INCLUDED'

/** Stripe's ids, alone or with what the chain of a filed document adds: in_1, in_1-void, in_1-r1, in_1-r1-void. */
const CODE = /^((?:in|cn|re|pyr)_\w+)(?:-[\w-]+)?$/

/** @throws HubError. */
export async function readTaxDocuments(
  { avatax, clock, progress }: { avatax: AvaTax; clock: Clock; progress?: Progress },
  period: Period,
  charged: readonly ChargedTax[],
): Promise<{ value: DeclaredTax[]; evidence: Evidence[] }> {
  const from = addDays(period.firstDay, -AROUND_DAYS)
  const to = addDays(period.lastDay, AROUND_DAYS)
  const query = `GET /api/v2/companies/…/transactions?$filter=date between '${from}' and '${to}'`
  const question = new Question('AvaTax', query, clock, progress)
  const documents = (await avatax.list({ from, to })).map((answer) => question.take(answer))
  const listed = new Map(documents.map(({ code, totalTax }) => [code, totalTax]))
  const evidence = [question.evidence()]
  const asked = new Set(
    charged
      .filter(({ day, byStripe }) => !byStripe && isWithin(day, period))
      .flatMap((each) => [
        ...(each.isVoid ? [each.root] : []),
        ...(each.of !== undefined && each.taxMinor === 0n && listed.get(each.root) ? [each.of] : []),
      ])
      .filter((code) => !listed.has(code)),
  )
  const own = new Question(
    'AvaTax',
    'GET /api/v2/companies/…/transactions/{code} of what was voided, or credited without tax',
    clock,
    progress,
  )
  for (const root of asked) {
    const answer = await avatax.find(root, root.startsWith('cn_') ? 'ReturnInvoice' : 'SalesInvoice')
    if (answer) documents.push(own.take(answer))
  }
  if (asked.size > 0) evidence.push(own.evidence())
  return { value: documents.flatMap(documentOf), evidence }
}

/** Older versions stay listed as Adjusted; documents of other systems are not the hub's. */
function documentOf(answer: TransactionAnswer): DeclaredTax[] {
  const root = CODE.exec(answer.code)?.[1]
  const { status, type } = answer
  if (root === undefined || (type !== 'SalesInvoice' && type !== 'ReturnInvoice')) return []
  if (status !== 'Committed' && status !== 'Cancelled') return []
  const currency = (answer.currencyCode ?? 'USD').toUpperCase()
  const details = (answer.lines ?? []).flatMap((line) => line.details ?? [])
  return [
    {
      code: answer.code,
      root,
      day: (answer.date ?? '').slice(0, 10),
      currency,
      grossMinor:
        fromDecimal(answer.totalAmount, currency).amountMinor +
        fromDecimal(answer.totalTax, currency).amountMinor,
      taxMinor: fromDecimal(answer.totalTax, currency).amountMinor,
      isCancelled: status === 'Cancelled',
      shares: sharesOf(details, currency),
      ...(answer.referenceCode?.endsWith(INCLUDED) && { isIncluded: true }),
      ...driftOf(answer, currency),
    },
  ]
}

/** A minor unit a line is rounding. */
function driftOf(
  { totalTax, totalTaxCalculated, lines }: TransactionAnswer,
  currency: string,
): Pick<DeclaredTax, 'calculatedMinor'> {
  if (typeof totalTaxCalculated !== 'number') return {}
  const calculatedMinor = roundExact(exactMinor(totalTaxCalculated, currency))
  const difference = calculatedMinor - fromDecimal(totalTax, currency).amountMinor
  const isRounding = (difference < 0n ? -difference : difference) <= BigInt(lines?.length ?? 0)
  return isRounding ? {} : { calculatedMinor }
}

const DIGITS = 20

type Detail = NonNullable<NonNullable<NonNullable<TransactionAnswer['lines']>[number]['details']>[number]>

/** Details may hold fractions of a cent; a document's share of a jurisdiction is rounded once, half away from zero. */
function sharesOf(details: readonly Detail[], currency: string): TaxDocument['shares'] {
  const groups = Map.groupBy(details, ({ country, region, jurisName }) =>
    JSON.stringify([country ?? '', region === country ? '' : (region ?? ''), jurisName ?? '']),
  )
  return [...groups].flatMap(([key, group]) => {
    const [country = '', region = '', name = ''] = JSON.parse(key) as string[]
    const amountMinor = roundExact(group.reduce((total, { tax }) => total + exactMinor(tax, currency), 0n))
    return amountMinor === 0n ? [] : [{ country, region, name, amountMinor }]
  })
}

/** Half away from zero. */
function roundExact(exact: bigint): bigint {
  const one = 10n ** BigInt(DIGITS)
  const sign = exact < 0n ? -1n : 1n
  return sign * ((2n * sign * exact + one) / (2n * one))
}

function exactMinor(major: number, currency: string): bigint {
  const exact = parseDecimal(major, decimalsOf(currency) + DIGITS)
  if (exact === undefined) throw new RangeError(`AvaTax says ${major}, which is no amount of ${currency}.`)
  return exact
}
