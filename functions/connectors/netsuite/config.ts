// The NetSuite slice of hub.config.ts and its credentials. Internal ids are strings, as NetSuite's REST API writes
// them. What is left out and then needed parks the document with a hint that names the missing line.
import * as z from 'zod'
import { revenueConfig, revenueConflict } from './revenue-config.ts'

const internalId = z.string().regex(/^-?\d+$/, 'an internal id: digits only')
/** ISO 4217, upper case. */
const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'an ISO currency code in capitals')
const byCurrency = z.record(currencyCode, internalId)
/** REST field names of item lines; custom ones start with custcol_. */
const lineField = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)

const subsidiary = z.object({
  id: internalId,
  /** Its base currency: the primary currency of the customers made in it. */
  currency: currencyCode,
  /** Accounts receivable, per currency of the invoice. */
  receivable: byCurrency,
})

const liabilityItemTax = z.object({
  /** Tax is an item line that credits the tax liability account. The account must have no active tax engine. */
  mode: z.literal('liability-item'),
  item: internalId,
  /** Stripe tax rate id → item, where jurisdictions have accounts of their own. */
  items: z.record(z.string(), internalId).default({}),
  /** Tax engines (SuiteTax, internal ids) that are assigned to a subsidiary and declare nothing of the hub's documents. */
  passiveEngines: z.array(internalId).default([]),
})

const suiteTax = z.object({
  /** SuiteTax with override details: what Stripe charged stands, NetSuite calculates nothing. */
  mode: z.literal('suitetax'),
  taxCode: internalId,
  taxType: internalId,
  /** Stripe tax rate id → code and type, where jurisdictions differ. */
  rates: z.record(z.string(), z.object({ taxCode: internalId, taxType: internalId })).default({}),
  /** Tax engines (SuiteTax, internal ids) that are assigned to a subsidiary and declare nothing of the hub's documents. */
  passiveEngines: z.array(internalId).default([]),
})

const sections = z.object({
  /** The account id (realm): 'TSTDRV1', '1234567_SB1'. */
  account: z.string().min(1),
  /** Dates on documents are Stripe's instants in this zone. */
  timeZone: z.string().default('UTC'),
  /**
   * A document of a closed period posts to the first open one. `keep`: it bears Stripe's date all the same; NetSuite's
   * preference "Allow Transaction Date Outside of the Posting Period" must say Allow or Warn. `move`: it bears the first
   * day of that period, for accounts that disallow it, and Stripe's date stands in its memo.
   */
  datesInClosedPeriods: z.enum(['keep', 'move']).default('keep'),
  /** By a name of your own: 'us', 'eu'. */
  subsidiaries: z.record(z.string(), subsidiary),
  /** Which subsidiary a customer belongs to: the first rule that matches. */
  customerSubsidiary: z
    .object({
      /** The customer's metadata key that holds one of the names above. */
      metadataKey: z.string().default('netsuite_subsidiary'),
      byCountry: z.record(z.string(), z.string()).default({}),
      byCurrency: z.record(currencyCode, z.string()).default({}),
      default: z.string().optional(),
    })
    .prefault({}),
  /**
   * The customer's entity id must be unique in NetSuite and two customers may share a name: Stripe's id is sent,
   * unless the account numbers customers itself (`auto`).
   */
  entityId: z.enum(['stripe-id', 'auto']).default('stripe-id'),
  /** ISO code → NetSuite currency id. */
  currencies: byCurrency,
  /** Where Stripe holds the money, per currency. Never Undeposited Funds. */
  clearingAccounts: byCurrency,
  /** For payments recorded out of band in Stripe (a cheque, a wire), and for what was paid back that way. */
  outOfBandAccounts: byCurrency.default({}),
  /** The same for currencies that have no account of their own above; with neither, such payments park. */
  outOfBandAccount: internalId.optional(),
  /**
   * Stripe's customer balance: what you owe a customer, or a customer owes you, outside any invoice. Absent: invoices
   * and credit notes that use it park.
   */
  customerBalance: z
    .object({
      /** A liability account (customer credit balances). */
      account: internalId,
      /** A non-inventory item that posts to that same account: memos need an item. */
      item: internalId,
      /** Counter-account of adjustments that people make in Stripe (goodwill); absent: they are not posted. */
      adjustmentAccount: internalId.optional(),
    })
    .optional(),
  /** Billing credits (credit grants) that were sold: what an invoice draws of them. Absent: such invoices park. */
  billingCredits: z
    .object({
      /** The liability that selling the credits left (deferred revenue, prepaid credits). */
      liabilityAccount: internalId,
      /** What a draw earns. */
      revenueAccount: internalId,
      /** What sold credits that expire unused become (breakage revenue). Absent: expired grants park. */
      breakageAccount: internalId.optional(),
    })
    .optional(),
  /** Stripe product id → item. A product's metadata `netsuite_item` does the same without a deployment. */
  items: z.record(z.string(), internalId).default({}),
  itemMetadataKey: z.string().default('netsuite_item'),
  /** For products without an item of their own; absent: their invoices park. */
  defaultItem: internalId.optional(),
  /** For credit note lines that name no invoice line; absent: `defaultItem`, else they park. */
  creditItem: internalId.optional(),
  /** For shipping costs; absent: invoices and credit notes with shipping park. */
  shippingItem: internalId.optional(),
  /** Non-inventory item whose account is bad debt. Absent: uncollectible invoices park. */
  writeOffItem: internalId.optional(),
  /**
   * Credited when a written-off invoice is paid, credited or voided after all: bad debt again, or an account for
   * recoveries. Absent: such invoices park.
   */
  recoveryAccount: internalId.optional(),
  /**
   * A refund that no credit note explains: `goodwill` takes it off `goodwillItem`, `revenue-and-tax` takes back the
   * lines of the invoice in proportion, `park` waits for the credit note.
   */
  refundsWithoutCreditNote: z.enum(['park', 'goodwill', 'revenue-and-tax']).default('park'),
  /** Item whose account is goodwill; needed for that policy. */
  goodwillItem: internalId.optional(),
  /** Disputes (chargebacks, returned ACH and SEPA debits). Absent: they park. */
  disputes: z
    .object({
      /** An asset account: what banks have taken and may give back. */
      receivableAccount: internalId,
      /** Stripe's fee for a dispute. */
      feeAccount: internalId,
      /** Lost: `expense` to `lossAccount`, or `reopen`: the customer owes it again. */
      whenLost: z.enum(['expense', 'reopen']).default('expense'),
      lossAccount: internalId.optional(),
      /**
       * For disputes that Stripe settles in another currency than the payment's: what is won back comes at the rate of its own
       * day. An income or expense account; absent: such a dispute parks when it is won.
       */
      exchangeAccount: internalId.optional(),
    })
    .optional(),
  /** Payouts to your bank. Absent: they park. */
  payouts: z
    .object({
      /**
       * Whose bank accounts they are, by the names above; absent: the subsidiary of the payout's currency by the rules of
       * `customerSubsidiary`, else its default.
       */
      subsidiary: z.string().optional(),
      /** Your bank accounts, by the payout's currency. */
      bankAccounts: byCurrency,
      /** Stripe's fees, as the balance transactions of a payout show them. */
      feeAccount: internalId,
      /**
       * Fees on payments and refunds are posted with the payout that holds them, and manual and instant payouts do not tell what
       * they hold. From this day on (YYYY-MM-DD, by the day of the balance transaction) each fee is posted with its payment or
       * refund instead, and with no payout, however payouts are made later. No posted automatic payout may hold anything of
       * that day or later. Absent: with payouts.
       */
      feesWithPaymentsFrom: z.iso.date().optional(),
      /** Tax that Stripe charges on its fees; absent: with the fees. */
      feeTaxAccount: internalId.optional(),
      /**
       * Movements of the Stripe balance that are no charge, refund, dispute or fee, by Stripe's reporting category
       * ('topup', 'risk_reserved_funds', 'fx', …). One that is not here parks its payout.
       */
      otherAccounts: z.record(z.string(), internalId).default({}),
    })
    .optional(),
  tax: z.discriminatedUnion('mode', [liabilityItemTax, suiteTax]),
  /** Columns for a line's first and last day of service, or false when the account has none; unused with journals. */
  serviceDates: z
    .union([z.literal(false), z.object({ start: lineField, end: lineField })])
    .default({ start: 'revRecStartDate', end: 'revRecEndDate' }),
  /** Set on every item line. */
  classification: z
    .object({
      department: internalId.optional(),
      class: internalId.optional(),
      location: internalId.optional(),
    })
    .default({}),
  /** {document}: Invoice, Void, …; {number}: Stripe's number; {id}: Stripe's id. */
  memo: z.string().default('Stripe {document} {number} {id}'),
  /** The invoice's custom field that holds the customer's purchase order number. */
  purchaseOrderField: z.string().default('PO'),
  /** Who recognizes revenue. Absent: lines carry their dates, and nobody is told what to do with them. */
  revenue: revenueConfig.optional(),
})

export const netsuiteConfig = sections.superRefine((config, context) => {
  const conflict = revenueConflict(config)
  if (conflict) context.addIssue({ code: 'custom', ...conflict })
})

export type NetSuiteConfig = z.infer<typeof netsuiteConfig>
/** As a user writes it in hub.config.ts: defaults may be left out. */
export type NetSuiteConfigInput = z.input<typeof netsuiteConfig>

const address = {
  /** Absent: NetSuite itself. Given: `http://127.0.0.1:4402`, a simulator. */
  baseUrl: z.string().optional(),
}

export const netsuiteCredentials = z.discriminatedUnion('auth', [
  z.object({
    /** OAuth 2.0 client credentials with a certificate: what new integrations use. */
    auth: z.literal('oauth2'),
    clientId: z.string().min(1),
    /** "Certificate ID" of the M2M set-up page. */
    certificateId: z.string().min(1),
    /** PKCS #8 PEM. */
    privateKey: z.string().min(1),
    algorithm: z.enum(['PS256', 'ES256']).default('PS256'),
    ...address,
  }),
  z.object({
    /** Token-based authentication: NetSuite admits no new integrations from 2027.1. */
    auth: z.literal('tba'),
    consumerKey: z.string().min(1),
    consumerSecret: z.string().min(1),
    tokenId: z.string().min(1),
    tokenSecret: z.string().min(1),
    ...address,
  }),
])

export type NetSuiteCredentials = z.infer<typeof netsuiteCredentials>
