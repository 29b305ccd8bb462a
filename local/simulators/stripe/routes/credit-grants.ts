// Billing credits: grants, their transactions, and what a customer has left.
// https://docs.stripe.com/api/billing/credit-grant · https://docs.stripe.com/api/billing/credit-balance-summary
import type Stripe from 'stripe'
import * as z from 'zod'
import {
  balanceOf,
  createGrant,
  expireGrant,
  monetary,
  updateGrant,
  voidGrant,
} from '../billing/credit-grants.ts'
import { refreshDrafts } from '../billing/invoices.ts'
import { isMetered } from '../billing/metering.ts'
import { invalidParameter, invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { CreditGrant } from '../wire.ts'
import { fetchByParameter, fetchByPath, type World } from '../world.ts'

const none = z.strictObject({})
const grantAt = (world: World, id: string | undefined): CreditGrant =>
  fetchByPath(world.store.creditGrants, 'credit_grant', id ?? '')

/** A draft shows the credits that would apply as they are now. */
function onDrafts(world: World, grant: CreditGrant): CreditGrant {
  const customer = world.store.customers.get(grant.customer)
  if (customer) refreshDrafts(world, customer)
  return grant
}

const scope = z.strictObject({
  price_type: p.oneOf('metered').optional(),
  prices: z
    .array(z.strictObject({ id: p.id }))
    .max(20)
    .optional(),
})

function pricesOf(world: World, given: z.output<typeof scope>, at: string): string[] | undefined {
  if ((given.price_type === undefined) === (given.prices === undefined))
    throw invalidRequest('You must provide exactly one of price_type or prices.', { param: at })
  return given.prices?.map(({ id }, index) => {
    const param = `${at}[prices][${index}][id]`
    const price = fetchByParameter(world.store.prices, 'price', id, param)
    if (!isMetered(price))
      throw invalidRequest('Credit grants apply to metered prices with a billing meter only.', { param })
    return price.id
  })
}

const grantRoutes: Route[] = [
  route(
    'POST',
    '/v1/billing/credit_grants',
    p.shape<Stripe.Billing.CreditGrantCreateParams>()({
      amount: z.strictObject({
        monetary: z.strictObject({ currency: p.currency, value: p.integer }),
        type: p.oneOf('monetary'),
      }),
      applicability_config: z.strictObject({ scope }),
      category: p.oneOf('paid', 'promotional').optional(),
      customer: p.id,
      effective_at: p.timestamp.optional(),
      expires_at: p.timestamp.optional(),
      metadata: p.metadata.optional(),
      name: p.text.max(100).optional(),
      priority: p.integer.optional(),
    }),
    ({ world, params }) => {
      if (params.amount.monetary.value < 1)
        throw invalidParameter(
          'This value must be greater than or equal to 1.',
          'parameter_invalid_integer',
          'amount[monetary][value]',
        )
      if (params.priority !== undefined && (params.priority < 0 || params.priority > 100))
        throw invalidParameter(
          'This value must be between 0 and 100 (inclusive).',
          'parameter_invalid_integer',
          'priority',
        )
      const grant = createGrant(world, {
        customer: fetchByParameter(world.store.customers, 'customer', params.customer).id,
        amount: params.amount.monetary,
        prices: pricesOf(world, params.applicability_config.scope, 'applicability_config[scope]'),
        category: params.category,
        effectiveAt: params.effective_at,
        expiresAt: params.expires_at,
        name: params.name,
        priority: params.priority,
        metadata: p.mergeMetadata(null, params.metadata),
      })
      return onDrafts(world, grant)
    },
  ),
  route(
    'GET',
    '/v1/billing/credit_grants',
    p.shape<Stripe.Billing.CreditGrantListParams>()({ ...p.paging, customer: p.id.optional() }),
    ({ world, params, url }) =>
      page(
        params.customer ? world.store.creditGrants.of(params.customer) : world.store.creditGrants.all(),
        params,
        url,
      ),
  ),
  route('GET', '/v1/billing/credit_grants/:id', none, ({ world, path }) => grantAt(world, path.id)),
  route(
    'POST',
    '/v1/billing/credit_grants/:id',
    p.shape<Stripe.Billing.CreditGrantUpdateParams>()({
      expires_at: p.emptyable(p.timestamp).optional(),
      metadata: p.metadata.optional(),
    }),
    ({ world, params, path }) => {
      const grant = grantAt(world, path.id)
      return updateGrant(world, grant, {
        expiresAt: params.expires_at,
        metadata: p.mergeMetadata(grant.metadata, params.metadata),
      })
    },
  ),
  route('POST', '/v1/billing/credit_grants/:id/expire', none, ({ world, path }) =>
    onDrafts(world, expireGrant(world, grantAt(world, path.id))),
  ),
  route('POST', '/v1/billing/credit_grants/:id/void', none, ({ world, path }) =>
    onDrafts(world, voidGrant(world, grantAt(world, path.id))),
  ),
]

const transactionRoutes: Route[] = [
  route(
    'GET',
    '/v1/billing/credit_balance_transactions',
    p.shape<Stripe.Billing.CreditBalanceTransactionListParams>()({
      ...p.paging,
      credit_grant: p.id.optional(),
      customer: p.id.optional(),
    }),
    ({ world, params, url }) => {
      const { creditBalanceTransactions, creditGrants } = world.store
      if (params.customer === undefined && params.credit_grant === undefined)
        throw invalidRequest('You must provide customer or credit_grant.', { param: 'customer' })
      const source = params.credit_grant
        ? creditBalanceTransactions.of(params.credit_grant)
        : creditBalanceTransactions.all()
      return page(
        source.filter(
          (each) => !params.customer || creditGrants.get(each.credit_grant)?.customer === params.customer,
        ),
        params,
        url,
      )
    },
  ),
  route('GET', '/v1/billing/credit_balance_transactions/:id', none, ({ world, path }) =>
    fetchByPath(world.store.creditBalanceTransactions, 'credit_balance_transaction', path.id ?? ''),
  ),
]

/** Available is the ledger balance less what has expired, and what is not effective yet. */
const isAvailable = (world: World, grant: CreditGrant): boolean =>
  grant.voided_at === null &&
  (grant.effective_at ?? 0) <= world.seconds() &&
  (grant.expires_at === null || grant.expires_at > world.seconds())

const summaryRoute = route(
  'GET',
  '/v1/billing/credit_balance_summary',
  p.shape<Stripe.Billing.CreditBalanceSummaryRetrieveParams>()({
    customer: p.id,
    filter: z.strictObject({
      applicability_scope: scope.optional(),
      credit_grant: p.id.optional(),
      type: p.oneOf('applicability_scope', 'credit_grant'),
    }),
  }),
  ({ world, params }) => {
    const customer = fetchByParameter(world.store.customers, 'customer', params.customer)
    const { filter } = params
    if (filter[filter.type] === undefined)
      throw invalidParameter(
        `Missing required param: filter[${filter.type}].`,
        'parameter_missing',
        `filter[${filter.type}]`,
      )
    const wanted = filter.applicability_scope
      ? pricesOf(world, filter.applicability_scope, 'filter[applicability_scope]')
      : undefined
    const grants = world.store.creditGrants.of(customer.id).filter((grant) => {
      if (filter.type === 'credit_grant') return grant.id === filter.credit_grant
      const { prices } = grant.applicability_config.scope
      return !wanted || !prices || prices.some((each) => wanted.includes(each.id ?? ''))
    })
    const currencies = [...new Set(grants.map((grant) => monetary(grant).currency))].sort()
    const total = (of: readonly CreditGrant[], currency: string) => ({
      monetary: {
        currency,
        value: of
          .filter((grant) => monetary(grant).currency === currency)
          .reduce((value, grant) => value + balanceOf(world, grant), 0),
      },
      type: 'monetary' as const,
    })
    return {
      object: 'billing.credit_balance_summary',
      balances: currencies.map((currency) => ({
        available_balance: total(
          grants.filter((grant) => isAvailable(world, grant)),
          currency,
        ),
        ledger_balance: total(grants, currency),
      })),
      customer: customer.id,
      customer_account: null,
      livemode: world.settings.livemode,
    }
  },
)

export const creditGrantRoutes: Route[] = [...grantRoutes, ...transactionRoutes, summaryRoute]
