// What a function may do with the ledger and the lake, by single actions on single resources. CDK's own grants say
// `s3:GetObject*` and `index/*`; these say what the hub's code calls.
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { ledgerTable } from '../shared/ledger/table.ts'

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
export function allowReading(who: IGrantable, bucket: IBucket, prefix: string): void {
  allow(who, ['s3:GetObject'], [bucket.arnForObjects(`${prefix}*`)])
}

export function allowWriting(who: IGrantable, bucket: IBucket, prefix: string): void {
  allow(who, ['s3:PutObject'], [bucket.arnForObjects(`${prefix}*`)])
}

export function allowListing(who: IGrantable, bucket: IBucket, prefix: string): void {
  who.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
    }),
  )
}

export function allowInvoking(who: IGrantable, { functionArn }: IFunction): void {
  allow(who, ['lambda:InvokeFunction'], [functionArn])
}
