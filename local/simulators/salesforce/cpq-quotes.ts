// What Salesforce CPQ's formulas and roll-ups say of a quote and its lines, as they stand in the metadata of orgs that
// have the package (https://github.com/girishla/CPQCommon): effective quantity and dates, totals of a line, amounts of
// the quote. Prices themselves stand as they are put in: the package's price calculator is not simulated.
import { addDecimals, compareDecimals, multiplyDecimals, roundDecimal, subtractDecimals } from './decimals.ts'
import type { ObjectRules, Values } from './object-rules.ts'
import type { Store, StoredRecord, StoredValue } from './store.ts'

/** Display formats of the two auto-numbered names. */
const QUOTE_DIGITS = 5
const LINE_DIGITS = 7
const MONEY_DIGITS = 2

export const cpqRules = (store: Store): Record<string, ObjectRules> => {
  let quotes = 0
  let lines = 0

  const find = (object: string, id: StoredValue | undefined): StoredRecord | undefined => {
    const table = store.table(object)
    return table && typeof id === 'string' ? table.records.get(id) : undefined
  }
  const linesOf = (quoteId: string): StoredRecord[] =>
    [...(store.table('SBQQ__QuoteLine__c')?.records.values() ?? [])].filter(
      ({ deleted, values }) => !deleted && values.SBQQ__Quote__c === quoteId,
    )

  const sumUp = (quoteId: StoredValue | undefined): void => {
    const table = store.table('SBQQ__Quote__c')
    const quote = find('SBQQ__Quote__c', quoteId)
    if (!table || !quote) return
    const sum = (name: string) =>
      linesOf(quote.id)
        .map(({ values }) => String(values[name] ?? '0'))
        .reduce(addDecimals, '0')
    store.update(table, quote, {
      SBQQ__NetAmount__c: sum('SBQQ__NetTotal__c'),
      SBQQ__CustomerAmount__c: sum('SBQQ__CustomerTotal__c'),
    })
  }

  return {
    SBQQ__Quote__c: {
      beforeSave(values, existing) {
        if (existing) return
        quotes += 1
        values.Name = `Q-${String(quotes).padStart(QUOTE_DIGITS, '0')}`
        values.SBQQ__Status__c ??= 'Draft'
        values.SBQQ__Type__c ??= 'Quote'
        values.CurrencyIsoCode ??= 'USD'
        values.SBQQ__NetAmount__c = '0'
        values.SBQQ__CustomerAmount__c = '0'
      },
      // Effective dates of the lines are formulas over the quote's.
      afterSave(quote) {
        const table = store.table('SBQQ__QuoteLine__c')
        if (!table) return
        for (const line of linesOf(quote.id)) store.update(table, line, effectiveDates(line.values, quote))
      },
    },
    SBQQ__QuoteLine__c: {
      beforeSave(values, existing) {
        if (!existing) {
          lines += 1
          values.Name = `QL-${String(lines).padStart(LINE_DIGITS, '0')}`
        }
        const given = { ...existing?.values, ...values }
        const quote = find('SBQQ__Quote__c', given.SBQQ__Quote__c)
        const product = find('Product2', given.SBQQ__Product__c)
        const quantity = effectiveQuantity(given)
        const total = (price: StoredValue | undefined) =>
          price == null ? null : roundDecimal(multiplyDecimals(String(price), quantity), MONEY_DIGITS)
        Object.assign(values, {
          CurrencyIsoCode: quote?.values.CurrencyIsoCode ?? null,
          SBQQ__ProductCode__c: product?.values.ProductCode ?? null,
          SBQQ__ProductName__c: product?.values.Name ?? null,
          SBQQ__EffectiveQuantity__c: quantity,
          SBQQ__NetTotal__c: total(given.SBQQ__NetPrice__c),
          SBQQ__CustomerTotal__c: total(given.SBQQ__CustomerPrice__c),
          ...effectiveDates(given, quote),
        })
      },
      afterSave: ({ values }) => sumUp(values.SBQQ__Quote__c),
      afterDelete: ({ values }) => sumUp(values.SBQQ__Quote__c),
    },
  }
}

/** A block price, and a slab of a discount schedule, is for all units together; an existing line counts what is added. */
const effectiveQuantity = (line: Values): string => {
  const quantity = String(line.SBQQ__Quantity__c ?? '0')
  const added =
    line.SBQQ__Existing__c === true
      ? subtractDecimals(quantity, String(line.SBQQ__PriorQuantity__c ?? '0'))
      : quantity
  const together = line.SBQQ__PricingMethod__c === 'Block' || line.SBQQ__DiscountScheduleType__c === 'Slab'
  if (!together) return added
  return compareDecimals(added, '0') === 0 ? '0' : '1'
}

const effectiveDates = (line: Values, quote: StoredRecord | undefined): Values => ({
  SBQQ__EffectiveStartDate__c: line.SBQQ__StartDate__c ?? quote?.values.SBQQ__StartDate__c ?? null,
  SBQQ__EffectiveEndDate__c:
    line.SBQQ__SubscriptionType__c === 'Evergreen'
      ? null
      : (line.SBQQ__EndDate__c ?? quote?.values.SBQQ__EndDate__c ?? null),
})
