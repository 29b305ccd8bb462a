// The stage's secrets, each in the shape that the functions want: a secret that nobody has stored, or stored with a field
// missing, is the commonest reason why nothing happens.
import type * as z from 'zod'
import { avalaraCredentialsSchema } from '../functions/connectors/avalara/config.ts'
import { netsuiteCredentials } from '../functions/connectors/netsuite/config.ts'
import { salesforceCredentials } from '../functions/connectors/salesforce/config.ts'
import { callersSchema } from '../functions/tax-estimate/authorize.ts'
import { examine, type Finding } from '../shared/doctor/finding.ts'
import { type StripeAddress, stripeAddress } from '../shared/stripe/client.ts'
import { type WebhookSecret, webhookSecretSchema } from '../shared/stripe/webhook-endpoint.ts'
import { Refusal } from './refusal.ts'
import type { OpenStage } from './stage.ts'

export interface Credentials {
  stripe?: StripeAddress
  webhook?: WebhookSecret
  salesforce?: z.output<typeof salesforceCredentials>
  netsuite?: z.output<typeof netsuiteCredentials>
  avalara?: z.output<typeof avalaraCredentialsSchema>
}

const { ok, failed, unknown } = examine('hub')

/** What can be read of them, and what is wrong with the others. */
export async function examineSecrets({
  secrets,
  config,
}: OpenStage): Promise<{ findings: Finding[]; credentials: Credentials }> {
  const findings: Finding[] = []
  const read = async <T>(name: string, parse: (value: unknown) => T): Promise<T | undefined> => {
    const what = `secret ${name}`
    try {
      const value = parse(await secrets.read(name))
      findings.push(ok(what))
      return value
    } catch (error) {
      const isRefusal = error instanceof Refusal
      const why = isRefusal ? error.message : `${shapeProblem(error)} What it is for does not work.`
      const trouble = { why, next: secrets.howToStore(name), code: 'SECRET' }
      findings.push(isRefusal && error.status === 1 ? unknown(what, trouble) : failed(what, trouble))
      return undefined
    }
  }
  const { salesforce, netsuite, avalara } = config.connectors
  const credentials: Credentials = {
    stripe: await read('stripe', stripeAddress),
    webhook: await read('webhook', (value) => webhookSecretSchema.parse(value)),
    ...(salesforce && {
      salesforce: await read('salesforce', (value) => salesforceCredentials.parse(value)),
    }),
    ...(netsuite && { netsuite: await read('netsuite', (value) => netsuiteCredentials.parse(value)) }),
    ...(avalara && { avalara: await read('avalara', (value) => avalaraCredentialsSchema.parse(value)) }),
  }
  if (avalara) await read('tax-estimate', (value) => callersSchema.parse(value))
  return { findings, credentials }
}

/** Which field, and what belongs there; never what stands in it. */
function shapeProblem(error: unknown): string {
  if (error instanceof Error && 'issues' in error && Array.isArray(error.issues)) {
    const [issue] = error.issues as z.core.$ZodIssue[]
    return `Field ${issue?.path.join('.') || 'of the whole object'}: ${issue?.message ?? 'not understood'}.`
  }
  return error instanceof Error ? error.message : String(error)
}
