// What a deployed stage says of itself: the names of its stacks and of their outputs, written by the CDK app and read by
// the `hub` command, so that they cannot differ. Names only; no AWS here.

/** Physical names are CloudFormation's own, but for the stacks: a person types the stage. */
export const dataStackName = (stage: string): string => `Switchyard-${stage}-data`
export const hubStackName = (stage: string): string => `Switchyard-${stage}-hub`

/** Of the data stack. */
export const LEDGER_OUTPUT = 'LedgerTable'
export const BUCKET_OUTPUT = 'LakeBucket'
export const queueOutput = (connector: string): string => `Queue${inCapitals(connector)}`
export const deadLettersOutput = (connector: string): string => `DeadLetters${inCapitals(connector)}`

/** Of the hub stack. */
export const WEBHOOK_OUTPUT = 'WebhookUrl'
/** The ARN, which is an address and no secret. */
export const secretOutput = (name: string): string => `Secret${inCapitals(name)}`

/** The name of an output holds letters and digits only: 'tax-hold' → 'TaxHold'. */
const inCapitals = (name: string): string =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
