// The Salesforce slice of hub.config.ts and of the stage's secret: what they may say, and the mapping of fields made
// ready for use. A mapping that could break the books or overwrite people's data is refused when the hub starts.
import * as z from 'zod'
import { isKindName, KINDS, type KindName } from './kinds.ts'

const metadataPath = z.templateLiteral(['metadata.', z.string().min(1).max(40)])

/**
 * Who a field belongs to. `stripe`: the hub writes it and puts it back when it was changed. `create-only`: written
 * with a new record, then left alone. `salesforce`: never written.
 */
const owner = z.enum(['stripe', 'salesforce', 'create-only'])

const mappedField = z.strictObject({
  /** A path in the Stripe object (`metadata.region`, `address.state`). Absent: only the owner of a field of ours changes. */
  from: z
    .string()
    .regex(/^[a-z_]+(\.[^.]+)*$/, 'a path in the Stripe object, such as metadata.region')
    .optional(),
  owner,
  /** How Salesforce holds it. `money`: the Stripe value is in minor units of the record's Currency__c. */
  type: z.enum(['text', 'multiline', 'decimal', 'integer', 'checkbox', 'datetime', 'money']).default('text'),
})
export type MappedField = z.output<typeof mappedField>

const fieldName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'an API name, such as Region__c')

const priority = (usual: string) => z.string().min(1).max(255).default(usual)

/**
 * Which matters open a Case, and how it looks. Off unless switched on: a new Case may run assignment rules and send
 * e-mail. Its people's from then on.
 */
const cases = z.strictObject({
  disputes: z.boolean().default(false),
  fraudWarnings: z.boolean().default(false),
  reviews: z.boolean().default(false),
  /** Matters that came up in Stripe before this day (UTC) open no Case: for a backfill. */
  since: z.iso.date().optional(),
  origin: z.string().min(1).max(255).default('Stripe'),
  /** Values of the org's Case.Status. `closedStatus` must be one that counts as closed. */
  openStatus: z.string().min(1).max(255).default('New'),
  closedStatus: z.string().min(1).max(255).default('Closed'),
  priorities: z
    .strictObject({
      disputes: priority('High'),
      fraudWarnings: priority('High'),
      reviews: priority('Medium'),
    })
    .prefault({}),
  /** Record type of these Cases, where the user's default is another one. */
  recordTypeId: z
    .string()
    .regex(/^012[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/)
    .optional(),
})

export const salesforceConfig = z
  .strictObject({
    /** Collections by external id and client credentials are documented from here on. */
    apiVersion: z
      .string()
      .regex(/^\d+\.0$/)
      .refine((version) => Number.parseInt(version, 10) >= 65, 'must be 65.0 or newer')
      .default('65.0'),
    /** Binds this stage to one org and one Stripe mode, so that test data never reaches a live org. */
    organization: z
      .strictObject({
        id: z.string().regex(/^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/),
        mode: z.enum(['live', 'test']),
      })
      .optional(),
    /** Key of the Stripe customer's metadata that names its Account. */
    accountMetadataKey: z.string().min(1).max(40).default('salesforce_account_id'),
    /** Finds existing Accounts by a field. Off unless given; more than one hit goes to the review list. */
    match: z
      .strictObject({ field: fieldName, from: z.union([z.literal('email_domain'), metadataPath]) })
      .optional(),
    /** What happens to a customer for whom no Account is found. A decision for its users to make: no default. */
    createAccounts: z.enum(['business', 'person', 'never']),
    /** Record type of person Accounts, where the org's default is another one. */
    personAccountRecordTypeId: z
      .string()
      .regex(/^012[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/)
      .optional(),
    /** Lets records pass duplicate rules that only alert. Rules that block still block. */
    allowDuplicateAlerts: z.boolean().default(false),
    cases: cases.prefault({}),
    /** More fields, and the owners of ours, by object. */
    fields: z.record(z.string(), z.record(fieldName, mappedField)).default({}),
  })
  .superRefine((config, context) => {
    for (const [object, fields] of Object.entries(config.fields)) {
      if (!isKindName(object)) {
        context.addIssue({
          code: 'custom',
          path: ['fields', object],
          message: `is no object the hub writes; it writes ${Object.keys(KINDS).join(', ')}`,
        })
        continue
      }
      for (const [field, mapped] of Object.entries(fields)) {
        const message = refuseField(object, field, mapped)
        if (message) context.addIssue({ code: 'custom', path: ['fields', object, field], message })
      }
    }
  })

export type SalesforceConfigInput = z.input<typeof salesforceConfig>
export type SalesforceConfig = z.output<typeof salesforceConfig>

export const salesforceCredentials = z.strictObject({
  /** The org's My Domain address (client credentials do not work at login.salesforce.com). */
  loginUrl: z.url(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
})
export type SalesforceCredentials = z.output<typeof salesforceCredentials>

function refuseField(
  object: KindName,
  field: string,
  { from, owner, type }: MappedField,
): string | undefined {
  const kind = KINDS[object]
  if (field === 'Id' || field === kind.externalId) return "is the record's identity and cannot be mapped"
  const own = kind.fields[field]
  if (object === 'Account') {
    if (own) return 'is written only with a new Account; nothing else can be chosen'
    if (owner === 'stripe') return 'must be create-only: the hub never overwrites a field of an Account'
  }
  if (object === 'Case' && !own && owner === 'stripe' && !field.endsWith('__c')) {
    return 'must be create-only: the hub never overwrites a standard field of a Case'
  }
  if (!own) {
    if (!from && owner !== 'salesforce') return 'needs `from`, a path in the Stripe object'
    if (type === 'money' && !kind.fields.Currency__c) return `cannot be money: ${object} has no Currency__c`
    return undefined
  }
  if (from) return 'is written by the hub itself; only its owner can be changed, without `from`'
  if (own.once && owner === 'stripe') {
    return "is its people's once the Case is open: it can be create-only or salesforce"
  }
  if (owner === 'stripe' || own.owner === 'any') return undefined
  if (own.owner === 'stripe-or-create-only' && owner === 'create-only') return undefined
  if (own.owner === 'create-only-or-salesforce') return undefined
  return own.owner === undefined
    ? 'must stay with stripe: amounts, states and references are what reconciliation compares'
    : 'is required by Salesforce: it can be stripe or create-only'
}
