// The ledger's one DynamoDB table: keys and indexes, in the form that the SDK's CreateTable takes. The CDK app and
// the embedded DynamoDB both read it, so they cannot differ.
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'

/** Sparse: only objects that wait or are parked carry `troublePk` (`PARKED#netsuite#3`) and `troubleSk` (since). */
export const TROUBLE_INDEX = 'trouble'
/** Event rows by customer (`CUSTOMER#cus_…`) in order of `created`. */
export const TIMELINE_INDEX = 'timeline'
/** One hot partition would throttle a large outage: trouble is spread over this many. */
export const TROUBLE_SHARDS = 4

export const ledgerTable = (tableName: string): CreateTableCommandInput => ({
  TableName: tableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'troublePk', AttributeType: 'S' },
    { AttributeName: 'troubleSk', AttributeType: 'S' },
    { AttributeName: 'timelinePk', AttributeType: 'S' },
    { AttributeName: 'timelineSk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: TROUBLE_INDEX,
      KeySchema: [
        { AttributeName: 'troublePk', KeyType: 'HASH' },
        { AttributeName: 'troubleSk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
    {
      IndexName: TIMELINE_INDEX,
      KeySchema: [
        { AttributeName: 'timelinePk', KeyType: 'HASH' },
        { AttributeName: 'timelineSk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
})
