// The shape of hub.config.ts, the one file that a user edits, checked when it is loaded: by synth, by the CLI and by
// each connector's Lambda. Each connector declares its own slice.
import * as z from 'zod'
import { consoleConfig } from '../../shared/sign-in/config.ts'
import { avalaraConfigSchema } from './avalara/config.ts'
import { deploymentConfig } from './deployment.ts'
import { lakeConfigSchema } from './lake/config.ts'
import { netsuiteConfig } from './netsuite/config.ts'
import { salesforceConfig } from './salesforce/config.ts'

const hubConfig = z.strictObject({
  /** Live events reach a live hub only. */
  livemode: z.boolean(),
  stripe: z.strictObject({
    /** Your own account. Events of any other are rejected. */
    account: z.string().regex(/^acct_/, 'a Stripe account id (acct_…)'),
  }),
  /** A connector that is left out is off. */
  connectors: z
    .strictObject({
      salesforce: salesforceConfig.optional(),
      netsuite: netsuiteConfig.optional(),
      avalara: avalaraConfigSchema.optional(),
      lake: lakeConfigSchema.optional(),
    })
    .superRefine(({ netsuite, avalara }, context) => {
      if (!netsuite || !avalara) return
      const takesTaxBack = netsuite.refundsWithoutCreditNote === 'revenue-and-tax'
      if (takesTaxBack === (avalara.refundsWithoutCreditNote.policy === 'return')) return
      context.addIssue({
        code: 'custom',
        path: [takesTaxBack ? 'avalara' : 'netsuite', 'refundsWithoutCreditNote'],
        message: takesTaxBack
          ? "netsuite takes the tax of refunds without a credit note back, and AvaTax would keep it: write { policy: 'return', since: 'YYYY-MM-DD' }."
          : "avalara returns the tax of refunds without a credit note, and the books would keep it: write 'revenue-and-tax'.",
      })
    }),
  /** Left out: no console is deployed. */
  console: consoleConfig.optional(),
  deployment: deploymentConfig.prefault({}),
})

export type HubConfigInput = z.input<typeof hubConfig>
export type HubConfig = z.output<typeof hubConfig> & { stage: string }

/**
 * @param describe called with the stage's name (`local`, `staging`, `production`, … whatever you deploy).
 * @returns a function that gives a stage's checked configuration, or throws one sentence that says what to write where.
 */
export function defineHub(describe: (stage: string) => HubConfigInput): (stage: string) => HubConfig {
  return (stage) => {
    const parsed = hubConfig.safeParse(describe(stage))
    if (parsed.success) return { ...parsed.data, stage }
    const [issue] = parsed.error.issues
    throw new Error(
      `hub.config.ts → ${issue?.path.join('.') || 'the whole object'} (stage ${stage}): ${issue && wordsOf(issue)}`,
    )
  }
}

/** zod's own words, except where they do not say what may be written instead. */
function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  if (issue.code !== 'unrecognized_keys') return issue.message
  const [key] = issue.keys
  if (issue.path.join('.') !== 'connectors') return `there is no setting "${key}"; look at how it is spelled`
  const known = Object.keys(hubConfig.shape.connectors.shape)
  return `there is no connector "${key}"; there are ${known.join(', ')}`
}

/** Names of the connectors that are switched on, as the registry knows them. */
export const connectorNames = (config: HubConfig): string[] =>
  Object.entries(config.connectors).flatMap(([name, slice]) => (slice === undefined ? [] : [name]))

/** From which day on refunds without a credit note take tax back; undefined: none does. */
export function refundsReturnedSince({ connectors }: Pick<HubConfig, 'connectors'>): string | undefined {
  const rule = connectors.avalara?.refundsWithoutCreditNote
  return rule?.policy === 'return' ? rule.since : undefined
}

/** Whose days a month is made of: the seller's, as the tax authority sees them; without AvaTax the books'. */
export const sellerZone = ({ connectors: { avalara, netsuite } }: Pick<HubConfig, 'connectors'>): string =>
  avalara?.timeZone ?? netsuite?.timeZone ?? 'UTC'
