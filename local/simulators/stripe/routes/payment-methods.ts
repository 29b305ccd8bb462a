// Payment methods made from Stripe's test ids, each with a known fate: https://docs.stripe.com/testing
import { missingInPath } from '../errors.ts'
import type { PaymentBehaviour } from '../store.ts'
import type { PaymentMethod } from '../wire.ts'
import type { World } from '../world.ts'

type TestMethod = {
  behaviour: PaymentBehaviour
  type: string
  brand?: string
  last4: string
  /** Succeeds, and then comes back as a dispute for this reason. */
  returns?: string
}

const TEST_METHODS: Record<string, TestMethod> = {
  pm_card_visa: { behaviour: 'succeeds', type: 'card', brand: 'visa', last4: '4242' },
  pm_card_mastercard: { behaviour: 'succeeds', type: 'card', brand: 'mastercard', last4: '4444' },
  pm_card_amex: { behaviour: 'succeeds', type: 'card', brand: 'amex', last4: '8431' },
  // "Attaches, then declines each charge": 4000 0000 0000 0341.
  pm_card_chargeCustomerFail: { behaviour: 'declines', type: 'card', brand: 'visa', last4: '0341' },
  // Stripe refuses to attach this one; here it attaches and declines each charge, as tests expect of it.
  pm_card_chargeDeclined: { behaviour: 'declines', type: 'card', brand: 'visa', last4: '0002' },
  pm_usBankAccount: { behaviour: 'settles_later', type: 'us_bank_account', last4: '6789' },
  pm_usBankAccount_success: { behaviour: 'settles_later', type: 'us_bank_account', last4: '6789' },
  // "The payment fails due to insufficient funds", and "succeeds but triggers a dispute":
  // https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-account-numbers
  pm_usBankAccount_insufficientFunds: { behaviour: 'fails_later', type: 'us_bank_account', last4: '2227' },
  pm_usBankAccount_dispute: {
    behaviour: 'settles_later',
    type: 'us_bank_account',
    last4: '1116',
    returns: 'debit_not_authorized',
  },
  pm_sepaDebit: { behaviour: 'settles_later', type: 'sepa_debit', last4: '3000' },
}

/** Attaching a test id makes a method of its own for the customer; an existing method is attached as it is. */
export function attachMethod(world: World, id: string, customer: string): PaymentMethod {
  const test = TEST_METHODS[id]
  if (!test) {
    const existing = world.store.paymentMethods.get(id)
    if (!existing || existing.customer !== customer) throw missingInPath('PaymentMethod', id)
    return existing
  }
  const method: PaymentMethod = {
    id: world.ids.next('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    created: world.seconds(),
    customer,
    customer_account: null,
    livemode: world.settings.livemode,
    metadata: { simulated_from: id },
    type: test.type,
  }
  if (test.type === 'card') {
    method.card = {
      brand: test.brand ?? 'visa',
      checks: null,
      country: 'US',
      display_brand: test.brand ?? 'visa',
      exp_month: 12,
      exp_year: 2034,
      funding: 'credit',
      generated_from: null,
      last4: test.last4,
      networks: null,
      regulated_status: null,
      three_d_secure_usage: null,
      wallet: null,
    }
  }
  if (test.type === 'us_bank_account') {
    method.us_bank_account = {
      account_holder_type: 'company',
      account_type: 'checking',
      bank_name: 'STRIPE TEST BANK',
      financial_connections_account: null,
      fingerprint: null,
      last4: test.last4,
      networks: null,
      routing_number: null,
      status_details: null,
    }
  }
  if (test.type === 'sepa_debit') {
    method.sepa_debit = {
      bank_code: null,
      branch_code: null,
      country: 'DE',
      fingerprint: null,
      generated_from: null,
      last4: test.last4,
    }
  }
  world.store.paymentMethods.add(method)
  world.store.hidden.behaviour.set(method.id, test.behaviour)
  if (test.returns) world.store.hidden.returns.set(method.id, test.returns)
  return method
}
