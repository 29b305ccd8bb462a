// What matters in the templates, with every default and with everything switched on. Both are synthesized once, under
// cdk-nag: a finding that nobody has accepted fails here as it fails `cdk synth`.
import { App, Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { deploymentConfig } from '../functions/connectors/deployment.ts'
import { registry } from '../functions/connectors/registry.ts'
import { addChecks } from './checks.ts'
import { DataStack } from './data-stack.ts'
import { EVERYTHING, templatesOf } from './synthesize.fixture.ts'

let plain: ReturnType<typeof templatesOf>
let everything: ReturnType<typeof templatesOf>

beforeAll(() => {
  plain = templatesOf()
  everything = templatesOf(EVERYTHING)
}, 600_000)

type Templates = ReturnType<typeof templatesOf>
const both = (): Templates[] => [plain, everything]
const of = ({ data, hub }: Templates, type: string) => [
  ...Object.values(data.findResources(type)),
  ...Object.values(hub.findResources(type)),
]

describe('cdk-nag', () => {
  it('stops a synthesis that breaks a rule', () => {
    const app = new App()
    addChecks(app)
    new Bucket(new Stack(app, 'Careless'), 'Open')
    expect(() => app.synth()).toThrow('AwsSolutions-S10')
  })
})

describe('roles', () => {
  const statements = (templates: Templates) => [
    ...of(templates, 'AWS::IAM::Policy').flatMap(({ Properties }) => Properties.PolicyDocument.Statement),
    ...of(templates, 'AWS::IAM::Role').flatMap(({ Properties }) =>
      (Properties.Policies ?? []).flatMap(
        (policy: { PolicyDocument: { Statement: unknown[] } }) => policy.PolicyDocument.Statement,
      ),
    ),
  ]

  it('have no policy of AWS, and act on nothing that these lists do not name', () => {
    const wildcards = new Set<string>()
    for (const templates of both()) {
      for (const role of of(templates, 'AWS::IAM::Role')) {
        const { ManagedPolicyArns, Tags } = role.Properties
        // CDK's own emptier of a bucket and reader of another region are no functions of the hub.
        if (Tags === undefined) continue
        expect(ManagedPolicyArns).toBeUndefined()
      }
      for (const { Action, Resource } of statements(templates)) {
        for (const action of [Action].flat()) if (action.includes('*')) wildcards.add(action)
        if (Resource === '*') wildcards.add([Action].flat().join(' '))
        else
          for (const resource of [Resource].flat())
            if (JSON.stringify(resource).includes('*')) wildcards.add(pathOf(resource))
      }
    }
    expect([...wildcards].sort()).toEqual([
      '/events/*',
      '/revenue/*',
      '/spill/*',
      'ec2:CreateNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeSubnets ec2:DeleteNetworkInterface ec2:AssignPrivateIpAddresses ec2:UnassignPrivateIpAddresses',
      'kms:GenerateDataKey*',
      'kms:ReEncrypt*',
      'xray:PutTraceSegments xray:PutTelemetryRecords',
    ])
  })

  it('reach the indexes of the ledger only to query them', () => {
    for (const { Action, Resource } of statements(plain)) {
      const actions = [Action].flat()
      if (!actions.some((action) => action.startsWith('dynamodb:'))) continue
      expect(JSON.stringify(Resource).includes('/index/')).toBe(actions.includes('dynamodb:Query'))
    }
  })

  const pathOf = (resource: { 'Fn::Join': [string, unknown[]] }): string =>
    String(resource['Fn::Join'][1].at(-1))
})

describe('what is written and kept', () => {
  it('is kept as long as hub.config.ts says: every log of every function and of the API', () => {
    for (const templates of both()) {
      const logs = of(templates, 'AWS::Logs::LogGroup')
      expect(logs.length).toBeGreaterThan(of(templates, 'AWS::Lambda::Function').length - 1)
      for (const { Properties } of logs) expect(Properties.RetentionInDays).toBe(90)
    }
    for (const { Properties } of Object.values(plain.hub.findResources('AWS::Lambda::Function')))
      expect(Properties.LoggingConfig.LogGroup).toBeDefined()
  })

  it('is encrypted: by AWS, or with a key of your own that is rotated, in every place', () => {
    for (const { Properties } of of(plain, 'AWS::SQS::Queue'))
      expect(Properties.SqsManagedSseEnabled).toBe(true)
    const [key] = Object.values(everything.data.findResources('AWS::KMS::Key'))
    expect(key).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { EnableKeyRotation: true, RotationPeriodInDays: 365 },
    })
    for (const [type, property] of [
      ['AWS::SQS::Queue', 'KmsMasterKeyId'],
      ['AWS::Logs::LogGroup', 'KmsKeyId'],
      ['AWS::SecretsManager::Secret', 'KmsKeyId'],
      ['AWS::SNS::Topic', 'KmsMasterKeyId'],
    ] as const) {
      const found = of(everything, type)
      expect(found.length).toBeGreaterThan(0)
      for (const { Properties } of found) expect(Properties[property]).toBeDefined()
    }
    everything.data.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
    })
    everything.data.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          Match.objectLike({ ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }) }),
        ],
      },
    })
  })

  it('goes with the stage only where hub.config.ts says so', () => {
    const HOLDERS = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::SQS::Queue']
    for (const type of HOLDERS)
      for (const { DeletionPolicy } of of(plain, type)) expect(DeletionPolicy).toBe('Retain')
    expect(plain.protectedData).toBe(true)

    const app = new App()
    addChecks(app)
    const deployment = deploymentConfig.parse({ keepData: false })
    const data = new DataStack(app, 'Passing', { manifests: registry, deployment })
    const passing = Template.fromStack(data)
    for (const type of HOLDERS)
      for (const { DeletionPolicy } of Object.values(passing.findResources(type)))
        expect(DeletionPolicy).toBe('Delete')
    passing.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false })
    passing.resourceCountIs('Custom::S3AutoDeleteObjects', 1)
    expect(data.terminationProtection).toBe(false)
  })
})

describe('the API', () => {
  it('throttles every route, one of them tighter where that is written', () => {
    plain.hub.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000 },
    })
    everything.hub.hasResource('AWS::ApiGatewayV2::Stage', {
      Properties: Match.objectLike({
        RouteSettings: { 'POST /tax/estimate': { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 } },
      }),
      // A route that is not there yet cannot be throttled.
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('taxestimate')]),
    })
  })

  it('logs a line for each request, in JSON, without what came in it or from where', () => {
    const [stage] = Object.values(plain.hub.findResources('AWS::ApiGatewayV2::Stage'))
    const format = JSON.parse(stage?.Properties.AccessLogSettings.Format)
    expect(Object.keys(format)).toEqual([
      'requestId',
      'time',
      'route',
      'status',
      'error',
      'integrationStatus',
      'integrationError',
      'ms',
      'integrationMs',
      'bytes',
    ])
    expect(JSON.stringify(format)).not.toMatch(
      /\$context\.(identity|path|protocol)|querystring|userAgent|\$input/,
    )
  })
})

describe('a lane', () => {
  it('has its dead-letter queue, gives back parts of a batch, and no more workers than its manifest allows', () => {
    const queues = Object.values(plain.data.findResources('AWS::SQS::Queue')).filter(
      ({ Properties }) => Properties.RedrivePolicy,
    )
    // Each lane's and the one for EventBridge.
    expect(queues).toHaveLength(registry.length + 1)
    for (const source of of(everything, 'AWS::Lambda::EventSourceMapping')) {
      expect(source.Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures'])
      expect(source.Properties.ScalingConfig.MaximumConcurrency).toBeGreaterThan(1)
    }
  })
})

it('lets CloudWatch publish its alarms to the topic that whoever is on call listens to', () => {
  for (const { hub } of both())
    hub.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
          }),
        ]),
      }),
    })
})

describe('options', () => {
  it('take events from the partner source into the intake queue, with a net under it', () => {
    everything.hub.hasResourceProperties('AWS::Events::EventBus', {
      Name: 'aws.partner/stripe.com/ed_test_1',
      EventSourceName: 'aws.partner/stripe.com/ed_test_1',
    })
    everything.hub.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.partner/stripe.com/ed_test_1'] },
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::ImportValue': Match.stringLikeRegexp('intakequeue') },
          DeadLetterConfig: { Arn: { 'Fn::ImportValue': Match.stringLikeRegexp('intakedeadletters') } },
        }),
      ],
    })
    everything.data.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
          }),
        ]),
      }),
    })
    plain.hub.resourceCountIs('AWS::Events::EventBus', 0)
  })

  it('let functions that call vendors leave by fixed addresses, which outlive the hub, and AWS without them', () => {
    everything.data.resourceCountIs('AWS::EC2::NatGateway', 2)
    everything.data.resourceCountIs('AWS::EC2::EIP', 2)
    const services = Object.values(everything.data.findResources('AWS::EC2::VPCEndpoint')).map(
      ({ Properties }) => JSON.stringify(Properties.ServiceName),
    )
    for (const service of ['s3', 'dynamodb', 'sqs', 'secretsmanager'])
      expect(services.some((name) => name.includes(service))).toBe(true)
    const inside = Object.entries(everything.hub.findResources('AWS::Lambda::Function'))
      .filter(([, { Properties }]) => Properties.VpcConfig)
      .map(([id]) => id)
    for (const name of ['netsuiteFunction', 'taxholdFunction', 'TaxEstimate', 'Reconcile', 'DailyClearing'])
      expect(inside.some((id) => id.startsWith(name))).toBe(true)
    for (const name of ['Ingest', 'Breaker', 'Intake'])
      expect(inside.some((id) => id.startsWith(name))).toBe(false)
  })

  it('put a firewall in front, whose header the functions behind the API are told', () => {
    everything.others.get('firewall')?.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'CLOUDFRONT',
      Rules: [Match.objectLike({ Statement: { RateBasedStatement: Match.objectLike({ Limit: 10_000 }) } })],
    })
    const edge = JSON.stringify(everything.others.get('edge')?.toJSON())
    expect(edge).toContain('x-switchyard-edge')
    expect(edge).toContain('{{resolve:secretsmanager:')
    const told = Object.entries(everything.hub.findResources('AWS::Lambda::Function'))
      .filter(([, { Properties }]) =>
        JSON.stringify(Properties.Environment.Variables.HUB_SECRETS).includes('"edge'),
      )
      .map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))
    expect(told.sort()).toEqual(['Ingest', 'TaxEstimate'])
    expect(plain.others.size).toBe(0)
    expect(Object.keys(plain.hub.findOutputs('WebhookUrl'))).toHaveLength(1)
    expect(Object.keys(everything.hub.findOutputs('WebhookUrl'))).toHaveLength(0)
  })
})
