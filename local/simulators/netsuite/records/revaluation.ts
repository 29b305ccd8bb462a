// Realized gain or loss: where a credit settles a debit that was booked at another rate, NetSuite itself posts a
// currency revaluation, a transaction of its own, per application:
// variance = (payment rate - source rate) × payment, rounded to the base currency
// (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/bridgehead_4279828767.html), dated the later of the two
// documents and posted into the later of their periods, or by preference elsewhere when both are closed
// (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/bridgehead_1550020494.html).
// Readings: it is deleted with its application (NetSuite reverses it instead in a closed period); "Rounding Gain/Loss"
// transactions for the last cent are not made.
import { type Application, pairKey } from '../applications.ts'
import { baseCurrencyOf, type Company, placesOf, rateOf, today } from '../company.ts'
import { multiply, roundTo, type Scaled, scaled } from '../money.ts'
import { openItemsOf } from '../open-items.ts'
import { asText, type Line, type StoredRecord } from '../schema.ts'
import { stampNumber } from './header.ts'

/** Brings the revaluations of one settling document in step with its applications. */
export function syncRevaluations(company: Company, fromId: string): void {
  const wanted = new Map(company.applications.from(fromId).map((each) => [pairKey(each), each]))
  for (const standing of revaluationsOf(company, fromId)) {
    const application = wanted.get(asText(standing.fields.pair) ?? '')
    const same = application && standing.fields.variance === varianceOf(company, application)
    if (same) wanted.delete(pairKey(application))
    else company.store.delete(standing)
  }
  for (const application of wanted.values()) {
    const variance = varianceOf(company, application)
    if (variance !== 0n) company.store.save(revaluation(company, application, variance))
  }
}

export const revaluationsOf = (company: Company, fromId: string): StoredRecord[] =>
  company.store.createdFrom(fromId).filter(({ type }) => type === 'fxReval')

const document = (company: Company, id: string): StoredRecord | undefined =>
  company.store.get('transaction', id)

/** In base currency; positive where the settling document carries the higher rate. */
function varianceOf(company: Company, { from, to, amount }: Application): Scaled {
  const settling = document(company, from)
  const settled = document(company, to)
  if (!settling || !settled) return 0n
  const base = baseCurrencyOf(company, asText(settled.fields.subsidiary) ?? '')
  return roundTo(multiply(amount, rateOf(settling) - rateOf(settled)), placesOf(company, base))
}

function revaluation(company: Company, application: Application, variance: Scaled): StoredRecord {
  const { from, to, toLine } = application
  const settled = document(company, to)
  const item = settled && openItemsOf(company, settled).find(({ line }) => line === toLine)
  const subsidiary = asText(settled?.fields.subsidiary) ?? ''
  // A debit settled at a higher rate leaves receivables too low: they are raised, and the rest is a gain. A refund that
  // pays out a credit is the mirror image.
  const receivable = item?.side === 'credit' ? -variance : variance
  const line = (account: string, amount: Scaled, number: string): Line => ({
    account,
    debit: amount > 0n ? amount : undefined,
    credit: amount < 0n ? -amount : undefined,
    entity: item?.customer,
    line: scaled(number),
  })
  const record: StoredRecord = {
    type: 'fxReval',
    id: company.store.nextId('transaction'),
    externalId: undefined,
    fields: {
      ...placedIn(company, from, to),
      subsidiary,
      currency: baseCurrencyOf(company, subsidiary),
      exchangeRate: scaled('1'),
      createdFrom: from,
      pair: pairKey(application),
      variance,
      total: variance < 0n ? -variance : variance,
    },
    sublists: {
      line: [
        line(item?.receivable ?? '', receivable, '0'),
        line(company.realizedGainLossAccount, -receivable, '1'),
      ],
    },
  }
  stampNumber(company, record)
  return record
}

function placedIn(company: Company, from: string, to: string): StoredRecord['fields'] {
  const { periods, settings } = company
  const documents = [document(company, from), document(company, to)].flatMap((each) => each ?? [])
  const dates = documents.map(({ fields }) => asText(fields.tranDate) ?? '').sort()
  const ids = documents
    .map(({ fields }) => asText(fields.postingPeriod) ?? '')
    .sort((a, b) => (periods.startOf(a) < periods.startOf(b) ? -1 : 1))
  const [latestDate = '', latestPeriod = ''] = [dates.at(-1), ids.at(-1)]
  if (periods.takes(latestPeriod, 'ledger')) return { tranDate: latestDate, postingPeriod: latestPeriod }
  const period =
    settings.dateInClosedPeriod === 'firstOpenPeriod'
      ? periods.firstOpenFrom(latestDate, 'ledger')
      : periods.find(today(company))
  const start = periods.startOf(period ?? '')
  return { tranDate: latestDate > start ? latestDate : start, postingPeriod: period }
}
