// What the company decides about its revenue, and what the caller has to know about its prices. The decisions belong to
// an accountant and are made once; the README says what each one means.

/** What an invoice line does not say of its own price: it carries the id alone. */
export interface PriceTerms {
  recurring: boolean
  /** Stripe's `recurring.usage_type` is `metered`. */
  metered: boolean
}

export interface RecognitionPolicy {
  /** The company's, not the customer's: IANA. */
  timeZone: string
  revenueKeys: { byProduct: Readonly<Record<string, string>>; default?: string; shipping?: string }
  /** Delivery of a one-off line without a period: the invoice's date, or the date that the line itself bears. */
  oneOffDate: 'invoice' | 'line'
  /** A one-off price on a line with a period: a service over it, or delivered at once. */
  oneOffWithPeriod: 'over-period' | 'at-delivery'
  /** The same per product, where they differ. */
  oneOffWithPeriodByProduct?: Readonly<Record<string, 'over-period' | 'at-delivery'>>
  /**
   * Service before the invoice's own month (usage billed in arrears, a backdated start): revenue of the month it was
   * given in, with a contract asset until it is billed; or all of it not before the invoice.
   */
  recognizeFrom: 'service' | 'invoice'
}
