// The customer's balance: negative is credit, positive is owed. Every movement is a transaction, and no event tells
// of it except customer.updated: https://docs.stripe.com/billing/customer/balance
import { invalidRequest } from '../errors.ts'
import type { Customer, CustomerBalanceTransaction } from '../wire.ts'
import { change, fetchByPath, type World } from '../world.ts'
import { computeDue } from './totals.ts'

export interface BalanceMovement {
  amount: number
  currency: string
  type: string
  invoice?: string
  creditNote?: string
  description?: string | null
  metadata?: Record<string, string>
}

export function moveBalance(
  world: World,
  customerId: string,
  movement: BalanceMovement,
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
  return addTransaction(world, customer, movement)
}

/**
 * A customer who is made with a balance has a first transaction of it. The customer's currency is not set by that (the
 * reading taken: the first invoice sets it), so it is in the account's.
 */
export function recordInitialBalance(world: World, customer: Customer): void {
  addTransaction(world, customer, {
    amount: customer.balance,
    currency: world.settings.defaultCurrency,
    type: 'initial',
  })
}

function addTransaction(
  world: World,
  customer: Customer,
  movement: BalanceMovement,
): CustomerBalanceTransaction {
  return world.store.customerBalanceTransactions.add({
    id: world.ids.next('cbtxn'),
    object: 'customer_balance_transaction',
    amount: movement.amount,
    checkout_session: null,
    created: world.seconds(),
    credit_note: movement.creditNote ?? null,
    currency: movement.currency,
    customer: customer.id,
    customer_account: null,
    description: movement.description ?? null,
    ending_balance: customer.balance,
    invoice: movement.invoice ?? null,
    livemode: world.settings.livemode,
    metadata: movement.metadata ?? {},
    type: movement.type,
  })
}
