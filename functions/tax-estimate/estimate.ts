// The tax of something that is about to be sold, and the Stripe tax rates that will charge it: for a site that creates its
// own subscriptions, whose first invoice is never a draft. Nothing is recorded in AvaTax.
import type Stripe from 'stripe'
import { dayOf } from '../../shared/calendar.ts'
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import { hashJson } from '../../shared/connector/hash.ts'
import { permanent } from '../../shared/errors.ts'
import { decimalsOf, parseDecimal } from '../../shared/money/money.ts'
import { type Calculation, type LineTaxes, toCalculation } from '../connectors/avalara/calculation.ts'
import type { Catalog } from '../connectors/avalara/catalog.ts'
import type { AvaTax } from '../connectors/avalara/client.ts'
import type { AvalaraConfig } from '../connectors/avalara/config.ts'
import { type EstimateLine, estimateRequest } from '../connectors/avalara/estimate.ts'
import { isCrossBorderEu } from '../connectors/avalara/eu-countries.ts'
import { estimateAt } from '../connectors/avalara/placing.ts'
import { refusesAddress, translateAvaTaxError } from '../connectors/avalara/refusals.ts'
import { readCustomer } from '../connectors/avalara/stripe-reads.ts'
import { addressOfCustomer, type TaxAddress, toTaxAddress } from '../connectors/avalara/tax-address.ts'
import { standingOfCustomer, type TaxStanding } from '../connectors/avalara/tax-standing.ts'
import { wireModel } from '../connectors/avalara/wire-model.ts'
import { readSoldLines } from './lines.ts'
import type { EstimateRequest } from './request.ts'
import type { TaxRates } from './tax-rates.ts'

/** "You can add up to five tax rates to each line item." https://docs.stripe.com/invoicing/taxes/tax-rates */
const RATES_PER_LINE = 5

export interface TaxEstimate {
  currency: string
  /** The day whose rates these are, in the seller's time zone. */
  date: string
  /** Minor units: as given, the tax of AvaTax, and what the buyer pays. */
  amount: number
  tax: number
  total: number
  /** What Stripe will charge by these rates: it rounds rate by rate, so a cent may lie between. */
  stripe_tax: number
  lines: {
    reference: string
    amount: number
    tax: number
    inclusive: boolean
    /** Stripe's taxability reason: why it is zero, or at which kind of rate. */
    reason: string
    tax_rates: string[]
  }[]
  /** For the whole subscription; null: lines differ, so each item takes its own `tax_rates`. */
  default_tax_rates: string[] | null
  /** How the place was found, where the address as given did not suffice. */
  note: string | null
}

export interface EstimateTools {
  stripe: Stripe
  avatax: AvaTax
  catalog: Catalog
  rates: TaxRates
  config: AvalaraConfig
  clock: Clock
}

export function createTaxEstimate(tools: EstimateTools) {
  const { stripe, avatax, catalog, config, clock } = tools
  /** @throws HubError. */
  return async (request: EstimateRequest): Promise<TaxEstimate> => {
    const currency = request.currency.toLowerCase()
    decimalsOf(currency)
    const customer =
      request.customer === undefined ? undefined : await knownCustomer(stripe, request.customer)
    const shipTo = toTaxAddress(addressOf(request)) ?? addressOfCustomer(customer)
    if (!shipTo) throw noAddress(request)
    const standing = standingOfCustomer(customer, shipTo.country, config.exemption)
    const lines = await readSoldLines({ stripe, catalog }, request, currency)
    const date = dayOf(nowSeconds(clock), config.timeZone)
    const asked = { currency, date, shipTo, standing, lines, customerCode: request.customer ?? 'NEW' }
    const { calculation, note } = await calculate({ avatax, config }, asked)
    return answer(tools.rates, { currency, date, lines, calculation, note })
  }
}

async function knownCustomer(stripe: Stripe, id: string): Promise<Stripe.Customer> {
  const customer = await readCustomer(stripe, id)
  if (customer) return customer
  throw permanent(`No tax is estimated: Stripe has no customer ${id}.`, {
    code: 'TAX-CUSTOMER',
    hint: 'The caller: send the id of a customer of this account and mode (field customer), or leave it out and send an address.',
  })
}

const addressOf = ({ address }: EstimateRequest): Partial<Stripe.Address> | undefined =>
  address && {
    country: address.country,
    line1: address.line1 ?? null,
    line2: address.line2 ?? null,
    city: address.city ?? null,
    state: address.state ?? null,
    postal_code: address.postal_code ?? null,
  }

async function calculate(
  { avatax, config }: Pick<EstimateTools, 'avatax' | 'config'>,
  asked: {
    currency: string
    date: string
    shipTo: TaxAddress
    standing: TaxStanding
    lines: readonly EstimateLine[]
    customerCode: string
  },
): Promise<{ calculation: Calculation; note: string | undefined }> {
  const { currency, standing, lines, shipTo } = asked
  const requestAt = (at: TaxAddress, code: string) =>
    estimateRequest({ ...asked, invoiceId: code, shipTo: at }, config)
  const code = `estimate-${hashJson(requestAt(shipTo, ''))}`
  try {
    const placed = await estimateAt(avatax, config, {
      shipTo,
      code,
      ask: (at) => wireModel(requestAt(at, code), currency),
    })
    const calculation = toCalculation(placed.answer, lines, {
      currency,
      standing,
      crossBorderEu: isCrossBorderEu(config.sellerAddress.country, shipTo.country),
      entriesPerLine: RATES_PER_LINE,
      everyRate: true,
    })
    return { calculation, note: placed.note }
  } catch (error) {
    if (refusesAddress(error)) throw unknownPlace(shipTo, error)
    throw translateAvaTaxError(error, 'estimate the tax', false)
  }
}

async function answer(
  rates: TaxRates,
  {
    currency,
    date,
    lines,
    calculation,
    note,
  }: {
    currency: string
    date: string
    lines: readonly EstimateLine[]
    calculation: Calculation
    note: string | undefined
  },
): Promise<TaxEstimate> {
  const ids = new Map<string, string>()
  for (const [key, rate] of Object.entries(calculation.rates)) ids.set(key, await rates.idOf(rate))
  const answered = lines.map((line) => {
    const { taxes } = calculation.lines[line.id] ?? { taxes: [] }
    return {
      reference: line.id,
      amount: Number(line.baseMinor),
      tax: Number(sum(taxes.map(({ amount }) => BigInt(amount)))),
      inclusive: line.inclusive,
      reason: taxes[0]?.reason ?? 'not_subject_to_tax',
      tax_rates: taxes.flatMap(({ rate }) => ids.get(rate) ?? []),
    }
  })
  const [first] = answered
  const same = answered.every((line) => line.tax_rates.join() === first?.tax_rates.join())
  const amount = sum(lines.map(({ baseMinor }) => baseMinor))
  const tax = sum(answered.map((line) => BigInt(line.tax)))
  const onTop = sum(answered.filter(({ inclusive }) => !inclusive).map((line) => BigInt(line.tax)))
  return {
    currency,
    date,
    amount: Number(amount),
    tax: Number(tax),
    total: Number(amount + onTop),
    stripe_tax: Number(
      sum(lines.map((line) => chargedByRates(line, calculation.lines[line.id], calculation.rates))),
    ),
    lines: answered,
    default_tax_rates: same && first ? first.tax_rates : null,
    note: note ?? null,
  }
}

/** Stripe rounds each rate's tax of each line by itself, half away from zero. */
function chargedByRates(
  line: EstimateLine,
  taxes: LineTaxes | undefined,
  rates: Calculation['rates'],
): bigint {
  // In ten-thousandths of a per cent.
  const parts = (taxes?.taxes ?? []).map(({ rate }) => parseDecimal(rates[rate]?.percentage ?? '0', 4) ?? 0n)
  const whole = line.inclusive ? 1_000_000n + sum(parts) : 1_000_000n
  return sum(parts.map((part) => divideRounded(line.baseMinor * part, whole)))
}

function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const sign = dividend < 0n ? -1n : 1n
  return sign * ((2n * sign * dividend + divisor) / (2n * divisor))
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n)

const noAddress = ({ customer }: EstimateRequest) =>
  permanent(`No tax is estimated: customer ${customer} has no address with a country.`, {
    code: 'TAX-ADDR',
    hint: 'The caller: send the address (field address), or have it entered in Stripe.',
  })

const unknownPlace = ({ city, country }: TaxAddress, cause: unknown) =>
  permanent(
    `No tax is estimated: AvaTax cannot find the address in ${city ? `"${city}", ` : ''}${country}.`,
    {
      code: 'TAX-ADDR',
      hint: 'The caller: ask the buyer to correct the address (field address); in the US a ZIP code of the state suffices.',
      cause,
    },
  )
