// The lake for people who ask: a Glue table over its files, Athena to query it, and saved queries (the views of
// `hub sql`, and what finance asks). What the columns and views are is said once, in functions/connectors/lake.
//
// Database and workgroup have physical names, unlike all else here: people type them.
import { Aws, CfnOutput, Stack } from 'aws-cdk-lib'
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Deployment } from '../functions/connectors/deployment.ts'
import { athenaViews, glueColumns } from '../functions/connectors/lake/athena.ts'
import { QUESTIONS } from '../functions/connectors/lake/questions.ts'
import { allowListing, allowReading } from './access.ts'
import { EVENTS, QUERY_RESULTS } from './lake-prefixes.ts'
import { stageMeans } from './stage-means.ts'

export interface LakeCatalogProps {
  stage: string
  bucket: Bucket
  settings: Deployment['lake']
}

/** The table that all views read. */
const TABLE = 'lake'
/** The same files without partitions: Redshift reads all folders below, and knows no projection. */
// https://docs.aws.amazon.com/redshift/latest/dg/c-spectrum-external-tables.html
const REDSHIFT_TABLE = 'lake_files'
const BYTES_PER_GB = 1_000_000_000

export class LakeCatalog extends Construct {
  /** Of the database and of the workgroup. */
  readonly name: string
  private readonly files: string

  constructor(scope: Construct, id: string, { stage, bucket, settings }: LakeCatalogProps) {
    super(scope, id)
    this.name = `switchyard_${stage.replaceAll('-', '_')}`
    this.files = bucket.s3UrlForObject(EVENTS)
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: {
        name: this.name,
        description: `Switchyard (${stage}): every Stripe event, as it came`,
      },
    })
    const table = this.addTable('Table', TABLE, {
      partitionKeys: [{ name: 'dt', type: 'date', comment: 'the day of arrival, UTC' }],
      parameters: projection(settings.since, this.files),
    })
    table.addResourceDependency(database)
    const workgroup = this.addWorkgroup(bucket, settings)
    const queries = [
      ...athenaViews.map(({ name, statement }, index) => ({
        name: `${String(index + 1).padStart(2, '0')} view ${name}`,
        description: `Run once, in order: makes the view ${name}`,
        queryString: statement,
      })),
      ...QUESTIONS.map(({ name, asks, sql }) => ({ name, description: asks, queryString: sql })),
    ]
    for (const query of queries) {
      const saved = new CfnNamedQuery(this, `Query ${query.name}`, {
        ...query,
        database: this.name,
        workGroup: workgroup.name,
      })
      saved.addResourceDependency(workgroup)
      saved.addResourceDependency(database)
    }
    if (settings.redshift) this.addRedshift(bucket, database)
  }

  private addTable(
    id: string,
    name: string,
    rest: { partitionKeys?: CfnTable.ColumnProperty[]; parameters?: Record<string, string> },
  ): CfnTable {
    return new CfnTable(this, id, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.name,
      tableInput: {
        name,
        tableType: 'EXTERNAL_TABLE',
        description:
          'A row for each event and each observation; an event can be in it twice, the views count it once',
        partitionKeys: rest.partitionKeys ?? [],
        parameters: { EXTERNAL: 'TRUE', classification: 'parquet', ...rest.parameters },
        storageDescriptor: {
          columns: glueColumns,
          location: this.files,
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
      },
    })
  }

  private addWorkgroup(bucket: Bucket, { scanLimitGb }: Deployment['lake']): CfnWorkGroup {
    const { key } = stageMeans(this)
    return new CfnWorkGroup(this, 'Workgroup', {
      name: this.name,
      description: 'Questions to the lake of Switchyard',
      // Saved queries belong to it; the data does not.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: scanLimitGb * BYTES_PER_GB,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: bucket.s3UrlForObject(QUERY_RESULTS),
          expectedBucketOwner: Aws.ACCOUNT_ID,
          encryptionConfiguration: key
            ? { encryptionOption: 'SSE_KMS', kmsKey: key.key.keyArn }
            : { encryptionOption: 'SSE_S3' },
        },
      },
    })
  }

  private addRedshift(bucket: Bucket, database: CfnDatabase): void {
    this.addTable('RedshiftTable', REDSHIFT_TABLE, {}).addResourceDependency(database)
    const { partition, region, account } = Stack.of(this)
    const glue = (resource: string) => `arn:${partition}:glue:${region}:${account}:${resource}`
    // https://docs.aws.amazon.com/redshift/latest/dg/c-spectrum-iam-policies.html
    const role = new Role(this, 'RedshiftRole', {
      description: 'Redshift reads the files of the lake',
      assumedBy: new ServicePrincipal('redshift.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    })
    role.addToPolicy(
      new PolicyStatement({
        actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'],
        resources: [
          glue('catalog'),
          glue(`database/${this.name}`),
          glue(`table/${this.name}/${REDSHIFT_TABLE}`),
          glue(`table/${this.name}/${TABLE}`),
        ],
      }),
    )
    allowReading(role, bucket, EVENTS)
    allowListing(role, bucket, EVENTS)
    stageMeans(this).key?.key.grantDecrypt(role)
    new CfnOutput(this, 'RedshiftSchema', {
      value: `create external schema stripe from data catalog database '${this.name}' iam_role '${role.roleArn}'`,
      description: `Give the role to your cluster, run this in Redshift, then: select count(*) from stripe.${REDSHIFT_TABLE}`,
    })
  }
}

/** https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html */
const projection = (since: string, files: string): Record<string, string> => ({
  'projection.enabled': 'true',
  'projection.dt.type': 'date',
  'projection.dt.format': 'yyyy-MM-dd',
  'projection.dt.range': `${since},NOW`,
  'projection.dt.interval': '1',
  'projection.dt.interval.unit': 'DAYS',
  'storage.location.template': `${files}dt=\${dt}/`,
})
