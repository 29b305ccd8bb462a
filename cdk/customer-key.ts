// The stage's own KMS key, where hub.config.ts asks for one: table, bucket, queues, secrets, logs and the alarm topic
// are encrypted with it. Rotated each year; kept with the data, without which the data cannot be read.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { acceptFinding } from './checks.ts'

/** As DynamoDB, S3 and SQS ask for them. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
const FAMILIES = ['kms:ReEncrypt*', 'kms:GenerateDataKey*']
/** CloudWatch publishes alarms to an encrypted topic, EventBridge sends to an encrypted queue. */
const SENDERS = ['cloudwatch.amazonaws.com', 'events.amazonaws.com']

export class CustomerKey extends Construct {
  readonly key: Key

  constructor(scope: Construct, id: string, { keep }: { keep: boolean }) {
    super(scope, id)
    const { region, account, partition } = Stack.of(this)
    this.key = new Key(this, 'Key', {
      description: 'Switchyard: ledger, lake, queues, secrets and logs',
      enableKeyRotation: true,
      rotationPeriod: Duration.days(365),
      removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    })
    // In a key's own policy "*" is this key.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', ...FAMILIES],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
          },
        },
      }),
    )
    // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: SENDERS.map((sender) => new ServicePrincipal(sender)),
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    )
  }

  /** What the table, the bucket and the queues ask of whoever reads and writes them. */
  allowUse(who: IGrantable): void {
    this.key.grant(who, 'kms:DescribeKey', 'kms:Decrypt', 'kms:Encrypt', ...FAMILIES)
    const { grantPrincipal } = who
    if (!Construct.isConstruct(grantPrincipal)) return
    for (const family of FAMILIES)
      acceptFinding(grantPrincipal, `IAM5[Action::${family}]`, 'KMS asks for the family, on this one key')
  }
}
