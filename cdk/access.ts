// What a function may do with the ledger and the lake, by single actions on single resources. CDK's own grants say
// `s3:GetObject*` and `index/*`; these say what the hub's code calls.
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { ledgerTable } from '../shared/ledger/table.ts'
import { acceptFinding } from './checks.ts'

export type LedgerAction =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'UpdateItem'

const INDEXES = (ledgerTable('').GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName)

const allow = ({ grantPrincipal }: IGrantable, actions: readonly string[], resources: readonly string[]) =>
  grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: [...actions], resources: [...resources] }),
  )

/** Never a scan, never a transaction. */
export function allowLedger(who: IGrantable, { tableArn }: Table, ...actions: readonly LedgerAction[]): void {
  const queried = actions.includes('Query') ? INDEXES.map((index) => `${tableArn}/index/${index}`) : []
  allow(
    who,
    actions.map((action) => `dynamodb:${action}`),
    [tableArn, ...queried],
  )
}

/** @param prefix of the keys, with its slash: `spill/`. */
export function allowReading(who: IGrantable, bucket: Bucket, prefix: string): void {
  allow(who, ['s3:GetObject'], [objectsOf(who, bucket, prefix)])
}

export function allowWriting(who: IGrantable, bucket: Bucket, prefix: string): void {
  allow(who, ['s3:PutObject'], [objectsOf(who, bucket, prefix)])
}

/** Objects can only be named by their prefix; the finding is accepted under the name that the bucket's stack exports. */
function objectsOf({ grantPrincipal }: IGrantable, bucket: Bucket, prefix: string): string {
  const { stack } = bucket
  const exported: { 'Fn::ImportValue': string } = stack.resolve(stack.exportValue(bucket.bucketArn))
  if (Construct.isConstruct(grantPrincipal)) {
    acceptFinding(
      grantPrincipal,
      `IAM5[Resource::${exported['Fn::ImportValue']}/${prefix}*]`,
      `Objects under ${prefix} are named after their events`,
    )
  }
  return bucket.arnForObjects(`${prefix}*`)
}

export function allowListing(who: IGrantable, bucket: Bucket, prefix: string): void {
  who.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
    }),
  )
}

/** CDK's own grant would name the reader in the policy of the secret's key, and make two stacks depend on each other. */
export function allowSecret(who: IGrantable, { secretArn }: ISecret): void {
  allow(who, ['secretsmanager:GetSecretValue'], [secretArn])
}

export function allowInvoking(who: IGrantable, { functionArn }: IFunction): void {
  allow(who, ['lambda:InvokeFunction'], [functionArn])
}
