// What Salesforce works out on a quote and its lines: numbers, what is taken over from the Opportunity and the price
// book, and every total.
// https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_quote.htm
// https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_quotelineitem.htm
// https://help.salesforce.com/s/articleView?id=sales.quotes_fields.htm
//
// Readings taken: a line's TotalPrice is rounded half up to two digits, as its field holds them, in every currency; a
// quote without a price book takes that of its first line; the words of FIELD_INTEGRITY_EXCEPTION are those of an
// Opportunity's products.
import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  multiplyDecimals,
  roundDecimal,
  subtractDecimals,
} from './decimals.ts'
import { RecordRefused } from './errors.ts'
import type { ObjectRules, Values } from './object-rules.ts'
import type { Store, StoredRecord, StoredValue } from './store.ts'

const MONEY_DIGITS = 2
const QUOTE_NUMBER_DIGITS = 8
const LINE_NUMBER_DIGITS = 8

export const quoteRules = (store: Store): Record<string, ObjectRules> => {
  let quotes = 0
  let lines = 0
  let contracts = 0

  const parent = (object: string, id: StoredValue | undefined): StoredRecord | undefined => {
    const table = store.table(object)
    return table && typeof id === 'string' ? table.records.get(id) : undefined
  }
  const linesOf = (quoteId: string): StoredRecord[] =>
    [...(store.table('QuoteLineItem')?.records.values() ?? [])].filter(
      ({ deleted, values }) => !deleted && values.QuoteId === quoteId,
    )

  /** Subtotal, discount and totals: sums of the lines, then tax and shipping as they were put in. */
  const totals = (quoteId: string | undefined, given: Values): Values => {
    const own = quoteId === undefined ? [] : linesOf(quoteId)
    const sum = (name: string) =>
      own.map(({ values }) => String(values[name] ?? '0')).reduce(addDecimals, '0')
    const subtotal = sum('Subtotal')
    const totalPrice = sum('TotalPrice')
    return {
      LineItemCount: String(own.length),
      Subtotal: subtotal,
      TotalPrice: totalPrice,
      // "The weighted average of all line item discounts on the quote."
      Discount:
        compareDecimals(subtotal, '0') === 0
          ? '0'
          : divideDecimals(multiplyDecimals(subtractDecimals(subtotal, totalPrice), '100'), subtotal, 2),
      GrandTotal: [given.Tax, given.ShippingHandling]
        .map((value) => String(value ?? '0'))
        .reduce(addDecimals, totalPrice),
    }
  }

  const updateQuote = (quoteId: StoredValue | undefined): void => {
    const table = store.table('Quote')
    const quote = parent('Quote', quoteId)
    if (table && quote) store.update(table, quote, totals(quote.id, quote.values))
  }

  return {
    Opportunity: {
      beforeSave(values, existing) {
        if (!existing) values.CurrencyIsoCode ??= 'USD'
        const stage = values.StageName ?? existing?.values.StageName
        values.IsWon = stage === 'Closed Won'
        values.IsClosed = stage === 'Closed Won' || stage === 'Closed Lost'
      },
    },
    PricebookEntry: {
      beforeSave(values, existing) {
        if (existing) return
        const product = parent('Product2', values.Product2Id)
        values.Name = product?.values.Name ?? null
        values.ProductCode = product?.values.ProductCode ?? null
        values.CurrencyIsoCode ??= 'USD'
      },
    },
    Contract: {
      beforeSave(values, existing) {
        if (existing) return
        contracts += 1
        values.ContractNumber = String(99 + contracts).padStart(8, '0')
      },
    },
    Quote: {
      beforeSave(values, existing) {
        if (!existing) {
          quotes += 1
          values.QuoteNumber = String(quotes).padStart(QUOTE_NUMBER_DIGITS, '0')
          values.Status ??= 'Draft'
          const opportunity = parent('Opportunity', values.OpportunityId)
          values.AccountId = opportunity?.values.AccountId ?? null
          values.CurrencyIsoCode = opportunity?.values.CurrencyIsoCode ?? 'USD'
        }
        const given = { ...existing?.values, ...values }
        Object.assign(values, totals(existing?.id, given))
      },
    },
    QuoteLineItem: {
      beforeSave(values, existing) {
        if (!existing) {
          lines += 1
          const quote = parent('Quote', values.QuoteId)
          const entry = parent('PricebookEntry', values.PricebookEntryId)
          takeEntry(quote, entry)
          values.LineNumber = `QL-${String(lines).padStart(LINE_NUMBER_DIGITS, '0')}`
          values.SortOrder = String(linesOf(String(values.QuoteId)).length + 1)
          values.Product2Id = entry?.values.Product2Id ?? null
          values.ListPrice = entry?.values.UnitPrice ?? null
          values.CurrencyIsoCode = quote?.values.CurrencyIsoCode ?? null
        }
        const given = { ...existing?.values, ...values }
        const subtotal = multiplyDecimals(String(given.UnitPrice), String(given.Quantity))
        const rest = subtractDecimals('100', String(given.Discount ?? '0'))
        values.Subtotal = roundDecimal(subtotal, MONEY_DIGITS)
        values.TotalPrice = divideDecimals(multiplyDecimals(subtotal, rest), '100', MONEY_DIGITS)
      },
      afterSave: ({ values }) => updateQuote(values.QuoteId),
      afterDelete: ({ values }) => updateQuote(values.QuoteId),
    },
  }

  function takeEntry(quote: StoredRecord | undefined, entry: StoredRecord | undefined): void {
    const table = store.table('Quote')
    if (!table || !quote || !entry) return
    if (quote.values.Pricebook2Id == null) {
      store.update(table, quote, { Pricebook2Id: entry.values.Pricebook2Id ?? null })
    } else if (quote.values.Pricebook2Id !== entry.values.Pricebook2Id) {
      throw integrity('pricebook entry is in a different pricebook than the one assigned to the quote')
    }
    if (quote.values.CurrencyIsoCode !== entry.values.CurrencyIsoCode) {
      throw integrity('pricebook entry currency code does not match quote currency code')
    }
    if (entry.values.IsActive !== true) throw integrity('pricebook entry is inactive')
  }
}

const integrity = (why: string): RecordRefused =>
  new RecordRefused('FIELD_INTEGRITY_EXCEPTION', `field integrity exception: PricebookEntryId (${why})`, [
    'PricebookEntryId',
  ])
