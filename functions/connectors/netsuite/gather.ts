// What the projections need beyond the object (needs.ts), and NetSuite's ids for it: the customer's subsidiary, items
// named in product metadata, accounts, posting periods. NetSuite is asked once per batch and
// question; Stripe within the manifest's parallel calls. Choices of a posted document are kept and come back.
import pLimit from 'p-limit'
import type Stripe from 'stripe'
import * as z from 'zod'
import { dayOf } from '../../../shared/calendar.ts'
import type { Clock } from '../../../shared/clock.ts'
import {
  type Gathered,
  type Gathering,
  type JsonObject,
  type RecordKey,
  recordKey,
} from '../../../shared/connector/contract.ts'
import { type HubError, isHubError } from '../../../shared/errors.ts'
import { isStripeNotFound, translateStripeError } from '../../../shared/stripe/errors.ts'
import { accountsOf } from './accounts.ts'
import {
  type Books,
  type Context,
  type CustomerFacts,
  type KeptChoices,
  keptChoices,
  type PostingPeriod,
  subsidiaryByRule,
} from './books.ts'
import { inChunks, NAMES_PER_QUERY, type NetSuiteClient, sqlList } from './client.ts'
import type { NetSuiteConfig } from './config.ts'
import { contextOf, factsOf } from './contexts.ts'
import { FailedRefunds } from './failed-refunds.ts'
import { isAnyPosted, isPosted } from './known-records.ts'
import { manifest } from './manifest.ts'
import { type Needs, needsOf } from './needs.ts'
import type { OpenAmounts } from './open-amounts.ts'
import type { PeriodBook } from './periods.ts'
import type { Root } from './project.ts'
import { Reversals } from './reversals.ts'
import { StripeReads } from './stripe-reads.ts'

export interface GatherOptions {
  config: NetSuiteConfig
  stripe: Stripe
  client: NetSuiteClient
  periods: PeriodBook
  openAmounts: OpenAmounts
  clock: Clock
}

interface Prepared {
  gathering: Gathering<Root>
  needs: Needs
  kept: KeptChoices
}

const subsidiaryRow = z.object({ externalid: z.string(), subsidiary: z.coerce.string() })

export function createGather(options: GatherOptions) {
  const { config, stripe, client, periods, openAmounts, clock } = options
  const limit = pLimit(manifest.vendor.parallelCalls)
  const reads = new StripeReads(stripe, limit)
  const reversals = new Reversals(client)
  const failedRefunds = new FailedRefunds(client)

  async function prepare(
    gathering: Gathering<Root>,
    open: ReadonlyMap<string, string>,
  ): Promise<Prepared | HubError> {
    try {
      const kept = keptChoices.parse(gathering.keep ?? {})
      const nowSeconds = Math.floor(clock.now() / 1_000)
      const needs = await needsOf(gathering, kept, {
        config,
        reads,
        reversals,
        failedRefunds,
        openAmounts: open,
        nowSeconds,
      })
      return { gathering, needs, kept }
    } catch (error) {
      return asHubError(error, `gather ${gathering.ref.id}`)
    }
  }

  /** Subsidiary id by customer, for those that no rule decides; as NetSuite has them. */
  async function standingSubsidiaries(prepared: readonly Prepared[]): Promise<Map<string, string>> {
    const undecided = new Set<string>()
    for (const { needs, kept, gathering } of prepared) {
      const { customerId, customerFacts } = needs
      if (needs.root === 'customer' || customerId === undefined || !customerFacts) continue
      if (kept.books && isAnyPosted(gathering)) continue
      if (subsidiaryByRule(customerFacts, config) === undefined) undecided.add(customerId)
    }
    const found = new Map<string, string>()
    for (const ids of inChunks([...undecided], NAMES_PER_QUERY)) {
      const rows = await client.query(
        `SELECT c.externalid, r.subsidiary FROM customer c INNER JOIN customersubsidiaryrelationship r ON r.entity = c.id WHERE r.isprimarysub = 'T' AND c.externalid IN (${sqlList(ids)})`,
        subsidiaryRow,
        'read the subsidiaries of customers',
      )
      for (const { externalid, subsidiary } of rows) found.set(externalid, subsidiary)
    }
    return found
  }

  /** Items that products name in their own metadata; asked anew each time, for a correction there must count at once. */
  async function itemsOfProducts(prepared: readonly Prepared[]): Promise<Map<string, string | HubError>> {
    const unmapped = new Set<string>()
    for (const { needs, kept, gathering } of prepared) {
      // Choices hold from the first posting on: before that they are made anew, from what is read anew.
      const chosen = isAnyPosted(gathering) ? kept.books?.items : undefined
      for (const id of needs.productIds) {
        if (config.items[id] === undefined && chosen?.[id] === undefined) unmapped.add(id)
      }
    }
    const found = new Map<string, string | HubError>()
    const read = async (id: string) => {
      try {
        const product = await stripe.products.retrieve(id)
        const itemId =
          'deleted' in product && product.deleted ? undefined : product.metadata?.[config.itemMetadataKey]
        if (itemId) found.set(id, itemId)
      } catch (error) {
        if (!isStripeNotFound(error)) found.set(id, translateStripeError(error, `read product ${id}`, false))
      }
    }
    await Promise.all([...unmapped].map((id) => limit(() => read(id))))
    return found
  }

  async function taxPercentages(prepared: readonly Prepared[]): Promise<Map<string, string | HubError>> {
    const found = new Map<string, string | HubError>()
    if (config.tax.mode !== 'suitetax') return found
    const read = async (id: string) => {
      try {
        // A rate's percentage can never be changed in Stripe, so it may be part of the projection.
        found.set(id, String((await stripe.taxRates.retrieve(id)).percentage))
      } catch (error) {
        found.set(id, translateStripeError(error, `read tax rate ${id}`, false))
      }
    }
    const rates = new Set(prepared.flatMap(({ needs }) => needs.taxRateIds))
    await Promise.all([...rates].map((id) => limit(() => read(id))))
    return found
  }

  function chooseBooks(
    needs: Needs,
    standing: Map<string, string>,
    items: ReadonlyMap<string, string>,
  ): Books {
    const { subsidiaries } = config
    const standingId = standing.get(needs.customerId ?? '')
    const ofCustomer =
      subsidiaryByRule(needs.customerFacts ?? {}, config) ??
      Object.keys(subsidiaries).find((name) => subsidiaries[name]?.id === standingId)
    const currency = needs.currency.toUpperCase()
    // A payout names no customer: what it clears was posted by the rule of its currency.
    const ofPayouts =
      needs.root === 'payout'
        ? (config.payouts?.subsidiary ?? config.customerSubsidiary.byCurrency[currency])
        : undefined
    const subsidiaryName = ofPayouts ?? ofCustomer ?? config.customerSubsidiary.default
    const subsidiary = subsidiaries[subsidiaryName ?? '']
    return {
      subsidiaryName,
      subsidiaryId: subsidiary?.id,
      ...(needs.settledIn.some((settled) => settled !== currency) && { baseCurrency: subsidiary?.currency }),
      currencyId: config.currencies[currency],
      receivableId: subsidiary?.receivable[currency],
      ...accountsOf(needs, config),
      items: Object.fromEntries(
        needs.productIds.flatMap((id) => {
          const itemId = config.items[id] ?? items.get(id) ?? config.defaultItem
          return itemId === undefined ? [] : [[id, itemId]]
        }),
      ),
      taxPercentages: {},
    }
  }

  async function choosePeriods(prepared: Prepared): Promise<Record<RecordKey, PostingPeriod>> {
    const chosen: Record<RecordKey, PostingPeriod> = {}
    for (const [record, when] of prepared.needs.documents) {
      const key = recordKey(record)
      const kept = isPosted(prepared.gathering, key) ? prepared.kept.periods[key] : undefined
      const day = typeof when === 'string' ? when : dayOf(when, config.timeZone)
      const period = kept ?? (await periods.postingPeriod(day))
      if (period) chosen[key] = period
    }
    return chosen
  }

  return async function gather(
    gatherings: readonly Gathering<Root>[],
  ): Promise<(Gathered<Context> | HubError)[]> {
    const open = await openAmounts.read(gatherings)
    const outcomes = await Promise.all(gatherings.map((gathering) => prepare(gathering, open)))
    const prepared = outcomes.flatMap((outcome) => (isHubError(outcome) ? [] : [outcome]))
    const [standing, products, percentages] = await Promise.all([
      standingSubsidiaries(prepared),
      itemsOfProducts(prepared),
      taxPercentages(prepared),
    ])
    return Promise.all(
      outcomes.map(async (outcome) => {
        if (isHubError(outcome)) return outcome
        const { needs, kept, gathering } = outcome
        if (needs.root === 'product') return { context: { root: 'product' } }
        const gatheredAs =
          needs.root === 'customer' ? gatheredCustomer(needs.customerFacts ?? {}, kept, config) : undefined
        // Without adjustments of its balance a customer has no document, and nothing to choose.
        if (gatheredAs && !(needs.root === 'customer' && needs.adjustments)) return gatheredAs
        const items = new Map<string, string>()
        for (const id of needs.productIds) {
          const item = products.get(id)
          if (isHubError(item)) return item
          if (item !== undefined) items.set(id, item)
        }
        const rates: Record<string, string> = {}
        for (const id of needs.taxRateIds) {
          const percentage = percentages.get(id)
          if (isHubError(percentage)) return percentage
          if (percentage !== undefined) rates[id] = percentage
        }
        const fresh = { ...chooseBooks(needs, standing, items), taxPercentages: rates }
        // What a posted document was mapped to stays; only what it lacked is filled in.
        // A customer's adjustments go on for years, each by the mapping of its day.
        const holds = needs.root !== 'customer' && isAnyPosted(gathering)
        const books = holds ? withKept(fresh, kept.books) : fresh
        const chosen = { books, periods: await choosePeriods(outcome) }
        const keep: JsonObject = JSON.parse(
          JSON.stringify({ ...gatheredAs?.keep, ...chosen, ...factsOf(needs, gathering.ref.id) }),
        )
        if (needs.root === 'customer' && gatheredAs?.context.root === 'customer') {
          const adjustments = { transactions: needs.adjustments ?? [], ...chosen }
          return { context: { ...gatheredAs.context, adjustments }, keep }
        }
        return { context: contextOf(needs, gathering, chosen), keep }
      }),
    )
  }
}

function gatheredCustomer(
  facts: CustomerFacts,
  kept: KeptChoices,
  config: NetSuiteConfig,
): Gathered<Context> {
  // An explicit rule's answer is kept: NetSuite does not move a customer with transactions. The default is not,
  // for Stripe may learn the country or currency later.
  const byRule = kept.subsidiaryName ?? subsidiaryByRule(facts, config)
  const { byCurrency, default: fallback } = config.customerSubsidiary
  const waitsForCurrency = byRule === undefined && !facts.currency && Object.keys(byCurrency).length > 0
  return {
    context: { root: 'customer', subsidiaryName: byRule ?? fallback, waitsForCurrency },
    ...(byRule !== undefined && { keep: { subsidiaryName: byRule } }),
  }
}

function withKept(fresh: Books, kept: Books | undefined): Books {
  return {
    ...fresh,
    ...kept,
    items: { ...fresh.items, ...kept?.items },
    taxPercentages: { ...fresh.taxPercentages, ...kept?.taxPercentages },
  }
}

function asHubError(error: unknown, what: string): HubError {
  return isHubError(error) ? error : translateStripeError(error, what, false)
}
