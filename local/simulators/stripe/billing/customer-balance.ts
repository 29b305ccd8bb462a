// The customer's balance: negative is credit, positive is owed. Every movement is a transaction, and no event tells
// of it except customer.updated: https://docs.stripe.com/billing/customer/balance
import { invalidRequest } from '../errors.ts'
import type { CustomerBalanceTransaction } from '../wire.ts'
import { change, fetchByPath, type World } from '../world.ts'
import { computeDue } from './totals.ts'

export function moveBalance(
  world: World,
  customerId: string,
  movement: {
    amount: number
    currency: string
    type: string
    invoice?: string
    creditNote?: string
    description?: string | null
    metadata?: Record<string, string>
  },
): CustomerBalanceTransaction {
  const customer = fetchByPath(world.store.customers, 'customer', customerId)
  if (customer.currency && customer.currency !== movement.currency) {
    throw invalidRequest(
      `The customer's balance is in ${customer.currency}; it cannot take ${movement.currency}.`,
      { param: 'currency' },
    )
  }
  change(world, customer, 'customer.updated', (it) => {
    it.balance += movement.amount
    it.currency = movement.currency
  })
  for (const invoice of world.store.invoices.of(customerId)) {
    if (invoice.status === 'draft') computeDue(world, invoice)
  }
  return world.store.customerBalanceTransactions.add({
    id: world.ids.next('cbtxn'),
    object: 'customer_balance_transaction',
    amount: movement.amount,
    checkout_session: null,
    created: world.seconds(),
    credit_note: movement.creditNote ?? null,
    currency: movement.currency,
    customer: customerId,
    customer_account: null,
    description: movement.description ?? null,
    ending_balance: customer.balance,
    invoice: movement.invoice ?? null,
    livemode: world.settings.livemode,
    metadata: movement.metadata ?? {},
    type: movement.type,
  })
}
