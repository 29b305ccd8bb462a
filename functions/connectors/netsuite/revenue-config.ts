// Who recognizes revenue, and how: the `revenue` section of the NetSuite slice. Either NetSuite itself, by the dates on
// the lines, or the hub with a journal a month; never both. Absent: nobody is told to. What it means is in
// shared/recognition and functions/recognition.
import * as z from 'zod'

const internalId = z.string().regex(/^-?\d+$/, 'an internal id: digits only')
/** A name of your own for what is sold: 'subscriptions'. It stands on the journal's lines. */
const revenueKey = z.string().regex(/^[\w .&-]{1,60}$/, 'a name of letters, digits, spaces and . & _ -')
const withPeriod = z.enum(['over-period', 'at-delivery'])

/** A key takes two lines of a journal, and NetSuite takes 200 through REST. */
const KEYS_MAX = 100

const datesOnLines = z.strictObject({
  /** NetSuite's revenue management recognizes: item lines carry first and last day of service. */
  mode: z.literal('dates-on-lines'),
})

const journals = z
  .strictObject({
    /** The hub posts a journal a month. NetSuite's own revenue management must not know the items. */
    mode: z.literal('journals'),
    /** The first month that the hub journals ('2026-11'); what was billed and earned before was recognized elsewhere. */
    firstMonth: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month: 2026-11'),
    /** The day of the next month on which a month is journaled first: usage billed on its 1st should be in by then. */
    postOnDay: z.int().min(1).max(28).default(3),
    /** What invoices and credit memos credit and debit: the account of every item that the hub posts. */
    deferredAccount: internalId,
    /** Revenue key → income account. */
    revenueAccounts: z.record(revenueKey, internalId),
    /** Stripe product id → revenue key. */
    products: z.record(z.string(), revenueKey).default({}),
    /** For products that are not above, and lines without one; absent: their invoices are refused and named. */
    defaultKey: revenueKey.optional(),
    /** For shipping costs; absent: the default. */
    shippingKey: revenueKey.optional(),
    /** One-off lines without a period are delivered on the invoice's date, or on the date that the line bears. */
    oneOffDate: z.enum(['invoice', 'line']).default('invoice'),
    /** A one-off price on a line with a period: a service over it, or delivered at once. */
    oneOffWithPeriod: withPeriod.default('over-period'),
    oneOffWithPeriodByProduct: z.record(z.string(), withPeriod).default({}),
    /** Usage billed in arrears is revenue of the month it was used in, or not before its invoice. */
    recognizeFrom: z.enum(['service', 'invoice']).default('service'),
  })
  .superRefine((revenue, context) => {
    const { revenueAccounts, deferredAccount, products, defaultKey, shippingKey } = revenue
    const refuse = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message: `${message} [REVREC-ACCOUNT]` })
    const users: [key: string | undefined, who: string][] = [
      ...Object.entries(products).map(([product, key]): [string, string] => [key, `product ${product}`]),
      [defaultKey, 'defaultKey'],
      [shippingKey, 'shippingKey'],
    ]
    for (const [key, who] of users) {
      if (key !== undefined && revenueAccounts[key] === undefined)
        refuse(
          ['revenueAccounts', key],
          `there is no account for the revenue key "${key}" of ${who}: add its internal id`,
        )
    }
    for (const [key, account] of Object.entries(revenueAccounts)) {
      if (account === deferredAccount)
        refuse(
          ['revenueAccounts', key],
          `account ${account} is the deferred account too: nothing would ever be revenue`,
        )
    }
    if (Object.keys(revenueAccounts).length > KEYS_MAX)
      refuse(['revenueAccounts'], `at most ${KEYS_MAX} revenue keys fit into one journal`)
  })

export const revenueConfig = z.discriminatedUnion('mode', [datesOnLines, journals])

export type RevenueJournalsConfig = z.output<typeof journals>

/** What two sections say together. */
export function revenueConflict(config: {
  revenue?: z.output<typeof revenueConfig> | undefined
  serviceDates: false | { start: string; end: string }
  billingCredits?: { liabilityAccount: string } | undefined
}): { path: string[]; message: string } | undefined {
  const { revenue, serviceDates, billingCredits } = config
  if (revenue?.mode === 'dates-on-lines' && serviceDates === false) {
    return {
      path: ['serviceDates'],
      message:
        'revenue.mode "dates-on-lines" needs the two columns that NetSuite recognizes by: leave it out, or name them [REVREC-DATES]',
    }
  }
  if (
    revenue?.mode === 'journals' &&
    billingCredits !== undefined &&
    billingCredits.liabilityAccount === revenue.deferredAccount
  ) {
    return {
      path: ['billingCredits', 'liabilityAccount'],
      message:
        'it is revenue.deferredAccount too: prepaid credits wait for use and not for days, so give them an account of their own [REVREC-ACCOUNT]',
    }
  }
  return undefined
}
