import { Match, Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, it } from 'vitest'
import { manifestsOf, registry } from '../functions/connectors/registry.ts'
import type { Manifest } from '../shared/connector/contract.ts'
import { stageOf } from './synthesize.fixture.ts'

function synthesize(
  manifests: readonly Manifest[],
  credentialed: readonly string[] = ['salesforce', 'netsuite', 'avalara'],
  journalsRevenue = true,
) {
  const { data, hub } = stageOf({
    manifests,
    credentialed: credentialed.filter((name) => manifests.some((manifest) => manifest.name === name)),
    journalsRevenue,
  })
  return {
    data: Template.fromStack(data),
    hub: Template.fromStack(hub),
    protectedData: data.terminationProtection,
  }
}

let stage: ReturnType<typeof synthesize>

beforeAll(() => {
  stage = synthesize(registry)
}, 300_000)

function find(template: Template, type: string, idPrefix: string) {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(idPrefix))
  if (found.length !== 1) throw new Error(`${found.length} resources ${type} begin with ${idPrefix}`)
  return found[0]?.[1]
}

describe('the data stack', () => {
  it('keeps the ledger: its keys and indexes, on demand, restorable, expiring rows, not to be deleted', () => {
    stage.data.resourceCountIs('AWS::DynamoDB::Table', 1)
    stage.data.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: Match.absent(),
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          Match.objectLike({
            IndexName: 'trouble',
            KeySchema: [
              { AttributeName: 'troublePk', KeyType: 'HASH' },
              { AttributeName: 'troubleSk', KeyType: 'RANGE' },
            ],
          }),
          Match.objectLike({ IndexName: 'timeline' }),
        ],
      },
    })
    expect(stage.protectedData).toBe(true)
  })

  it('has for every connector a queue of 14 days and 1 MiB, hidden for 6 minutes and its window, with a net under it', () => {
    // And a pair for what EventBridge brings.
    stage.data.resourceCountIs('AWS::SQS::Queue', 2 * registry.length + 2)
    const visibility = (name: string) =>
      find(stage.data, 'AWS::SQS::Queue', `${name}queue`)?.Properties.VisibilityTimeout
    expect(visibility('netsuite')).toBe(390)
    expect(visibility('lake')).toBe(420)
    expect(visibility('avalara')).toBe(361)
    expect(visibility('taxhold')).toBe(360)
    for (const queue of Object.values(stage.data.findResources('AWS::SQS::Queue'))) {
      expect(queue.Properties).toMatchObject({
        MessageRetentionPeriod: 1_209_600,
        MaximumMessageSize: 1_048_576,
      })
      expect(queue.Properties.QueueName).toBeUndefined()
      expect(queue.DeletionPolicy).toBe('Retain')
    }
    expect(
      find(stage.data, 'AWS::SQS::Queue', 'netsuitequeue')?.Properties.RedrivePolicy.maxReceiveCount,
    ).toBe(1_000)
  })

  it('keeps the lake private and encrypted, and lets spilled bodies go a day after their messages', () => {
    stage.data.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: Match.objectLike({
        BucketName: Match.absent(),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: {
          Rules: Match.arrayWith([Match.objectLike({ Prefix: 'spill/', ExpirationInDays: 15 })]),
        },
      }),
    })
  })
})

describe('the hub stack', () => {
  it('runs every function on Node 24 and arm64, without a physical name', () => {
    const functions = Object.values(stage.hub.findResources('AWS::Lambda::Function'))
    // Ingest, reconcile, breaker, tax estimate, daily clearing, revenue journals, widgets.
    expect(functions).toHaveLength(registry.length + 7)
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] })
      expect(Properties.FunctionName).toBeUndefined()
    }
  })

  it('feeds each lane as its manifest says', () => {
    stage.hub.resourceCountIs('AWS::Lambda::EventSourceMapping', registry.length)
    for (const [batch, window, workers] of [
      [10_000, 60, 2],
      [1_000, 30, 2],
      [10, 0, 5],
    ]) {
      stage.hub.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        BatchSize: batch,
        MaximumBatchingWindowInSeconds: window,
        ScalingConfig: { MaximumConcurrency: workers },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      })
    }
  })

  it('gives a lane its own queue and secrets only, and the lake alone its events', () => {
    const policy = (role: string) =>
      JSON.stringify(find(stage.hub, 'AWS::IAM::Policy', `${role}ServiceRole`)?.Properties.PolicyDocument)
    expect(policy('netsuiteFunction')).toContain('netsuitequeue')
    expect(policy('netsuiteFunction')).toContain('netsuitesecret')
    expect(policy('netsuiteFunction')).not.toMatch(/salesforce|avalara|lakequeue|webhook|\/events\/\*/)
    expect(policy('lakeFunction')).toContain('/events/*')
    expect(policy('lakeFunction')).not.toMatch(/netsuite|webhook/)
    expect(policy('Ingest')).toContain('lakequeue')
    expect(policy('Ingest')).not.toMatch(/stripesecret|ReceiveMessage|UpdateItem|\/events\/\*/)
    for (const { Properties } of Object.values(stage.hub.findResources('AWS::IAM::Policy'))) {
      for (const { Action, Resource } of Properties.PolicyDocument.Statement) {
        expect([Action].flat()).not.toContain('dynamodb:Scan')
        expect([Action].flat().some((action) => action === '*' || action.endsWith(':*'))).toBe(false)
        if (Resource === '*')
          expect([Action].flat()).toEqual(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'])
      }
    }
  })

  it('tells every function what its composition root reads', () => {
    const wanted = [
      'HUB_STAGE',
      'HUB_ACCOUNT',
      'HUB_LIVEMODE',
      'HUB_TABLE',
      'HUB_BUCKET',
      'HUB_QUEUES',
      'HUB_SECRETS',
      'HUB_CONNECTORS',
    ]
    for (const { Properties } of Object.values(stage.hub.findResources('AWS::Lambda::Function'))) {
      expect(Object.keys(Properties.Environment.Variables)).toEqual(expect.arrayContaining(wanted))
    }
    const variables = (id: string) =>
      find(stage.hub, 'AWS::Lambda::Function', id)?.Properties.Environment.Variables
    expect(variables('Ingest').HUB_CONNECTORS).toBe('["tax-hold","avalara","netsuite","salesforce","lake"]')
    expect(variables('Ingest').HUB_LIVEMODE).toBe('false')
    const lanes = JSON.stringify(variables('Breaker').HUB_LANES)
    for (const { name } of registry) expect(lanes).toContain(`\\"${name}\\":{\\"eventSource\\":`)
  })

  it('takes webhooks at one address, looks at the lanes each minute and for lost events each quarter of an hour', () => {
    stage.hub.resourceCountIs('AWS::ApiGatewayV2::Route', 2)
    stage.hub.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /stripe/webhook' })
    const rates = Object.values(stage.hub.findResources('AWS::Scheduler::Schedule')).map(
      ({ Properties }) => Properties.ScheduleExpression,
    )
    expect(rates.sort()).toEqual([
      'cron(0 3 * * ? *)',
      'cron(0 5 * * ? *)',
      'rate(1 minute)',
      'rate(15 minutes)',
    ])
  })

  it('answers tax estimates only where AvaTax is switched on, with its own callers and no queue', () => {
    stage.hub.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /tax/estimate' })
    const policy = JSON.stringify(find(stage.hub, 'AWS::IAM::Policy', 'TaxEstimate'))
    expect(policy).toContain('taxestimatesecret')
    expect(policy).not.toMatch(/netsuitesecret|salesforcesecret|webhooksecret|sqs:|dynamodb:/)
    const without = synthesize(
      registry.filter(({ name }) => name !== 'avalara' && name !== 'tax-hold'),
      ['salesforce', 'netsuite'],
    )
    without.hub.resourceCountIs('AWS::ApiGatewayV2::Route', 1)
  })

  it('alarms on what is newly parked, and when the ledger has had work of a lane for an hour, 3 and 10 days', () => {
    const alarm = (id: string) => find(stage.hub, 'AWS::CloudWatch::Alarm', id)?.Properties
    expect(alarm('netsuiteNewlyParked')).toMatchObject({
      Namespace: 'Switchyard',
      MetricName: 'NewlyParked',
      Dimensions: [{ Name: 'connector', Value: 'netsuite' }],
      Statistic: 'Sum',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    })
    expect(alarm('netsuiteNewlyParked').AlarmDescription).toContain(
      'hub replay --parked --connector netsuite --dry-run',
    )
    const behind = Object.values(stage.hub.findResources('AWS::CloudWatch::Alarm')).filter(({ Properties }) =>
      Properties.AlarmDescription.startsWith('NetSuite has been behind'),
    )
    expect(behind.map(({ Properties }) => Properties.Threshold).sort((a, b) => a - b)).toEqual([
      3_600, 259_200, 864_000,
    ])
    for (const { Properties } of behind)
      expect(Properties).toMatchObject({
        Namespace: 'Switchyard',
        MetricName: 'UnsettledSeconds',
        Statistic: 'Maximum',
        // Told each quarter of an hour: a sweep that is missing must not say that all is well.
        TreatMissingData: 'ignore',
      })
  })

  it('rings within a quarter of an hour for the lane that must never wait, which no other has', () => {
    expect(find(stage.hub, 'AWS::CloudWatch::Alarm', 'taxholdBehind15Minutes')?.Properties).toMatchObject({
      MetricName: 'UnsettledSeconds',
      Threshold: 900,
    })
    const ids = Object.keys(stage.hub.findResources('AWS::CloudWatch::Alarm'))
    expect(ids.filter((id) => id.includes('Behind15Minutes'))).toHaveLength(1)
    expect(ids.filter((id) => id.startsWith('lakeNewlyParked'))).toEqual([])
  })

  it('alarms when a schedule’s number is missing, and says in each alarm what is likely and what is next', () => {
    const silent = (id: string) => find(stage.hub, 'AWS::CloudWatch::Alarm', id)?.Properties
    for (const [id, metric, period, periods] of [
      ['BreakerSilent', 'PausedLanes', 300, 2],
      ['SweepSilent', 'Recovered', 3_600, 1],
      ['ClearingSilent', 'ClearingBreaks', 86_400, 2],
      ['JournalsSilent', 'JournalsPosted', 86_400, 2],
    ] as const)
      expect(silent(id)).toMatchObject({
        MetricName: metric,
        Statistic: 'SampleCount',
        Period: period,
        EvaluationPeriods: periods,
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      })
    for (const { Properties } of Object.values(stage.hub.findResources('AWS::CloudWatch::Alarm')))
      expect(Properties.AlarmDescription).toMatch(/(Next|Engineering|Accounting|Finance|Support).*: /)
    // 35 of lanes (7 each; the lake parks nothing, the hold has one more), 3 of the edge, 3 of the schedules, 5 of tax,
    // 2 of the clearing accounts, 2 of the revenue journals.
    stage.hub.resourceCountIs('AWS::CloudWatch::Alarm', 50)
  })
})

describe('what finance is told', () => {
  const alarm = (id: string) => find(stage.hub, 'AWS::CloudWatch::Alarm', id)?.Properties
  const SNS = [{ Ref: Match.stringLikeRegexp('^Alarms') }]

  it('wakes a person for each tax signal that needs one, under the dimension that it is emitted with', () => {
    for (const [metric, periodSeconds] of [
      ['FinalizedUntaxed', 300],
      ['TaxDrift', 3_600],
      ['TaxFallback', 86_400],
      ['UntaxedCredit', 86_400],
    ] as const) {
      stage.hub.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'Switchyard',
        MetricName: metric,
        Dimensions: [{ Name: 'connector', Value: 'avalara' }],
        Statistic: 'Sum',
        Period: periodSeconds,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
        AlarmActions: SNS,
      })
      expect(alarm(metric).AlarmDescription).toMatch(/Likely: .+ hub trace <document>/)
    }
    for (const silent of ['TaxReleased', 'TaxReissued'])
      expect(JSON.stringify(stage.hub.findResources('AWS::CloudWatch::Alarm'))).not.toContain(silent)
  })

  it('compares the clearing accounts each morning of the seller, with the two credentials it needs and no more', () => {
    stage.hub.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 5 * * ? *)',
      ScheduleExpressionTimezone: 'America/Los_Angeles',
      Target: Match.objectLike({ RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 2 } }),
    })
    expect(find(stage.hub, 'AWS::Lambda::Function', 'DailyClearing')?.Properties).toMatchObject({
      Timeout: 900,
      MemorySize: 2_048,
    })
    const policy = JSON.stringify(
      find(stage.hub, 'AWS::IAM::Policy', 'DailyClearingFunctionServiceRole')?.Properties,
    )
    expect(policy).toContain('stripesecret')
    expect(policy).toContain('netsuitesecret')
    expect(policy).not.toMatch(/avalarasecret|salesforcesecret|webhooksecret|sqs:|dynamodb:|s3:/)
  })

  it('alarms when they differ, and when nobody has compared them for two days', () => {
    expect(alarm('ClearingBreaks')).toMatchObject({
      MetricName: 'ClearingBreaks',
      Statistic: 'Sum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    })
    expect(alarm('ClearingBreaks').Dimensions).toBeUndefined()
    expect(alarm('ClearingBreaks').AlarmDescription).toContain('hub close <month>')
    expect(alarm('ClearingSilent')).toMatchObject({
      MetricName: 'ClearingBreaks',
      Statistic: 'SampleCount',
      Period: 86_400,
      EvaluationPeriods: 2,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    })
  })

  it('journals revenue each night of the seller, one run at a time, with a right to its own sub-ledger alone', () => {
    stage.hub.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 3 * * ? *)',
      ScheduleExpressionTimezone: 'America/Los_Angeles',
    })
    expect(find(stage.hub, 'AWS::Lambda::Function', 'RevenueJournals')?.Properties).toMatchObject({
      Timeout: 900,
      ReservedConcurrentExecutions: 1,
    })
    const { PolicyDocument } =
      find(stage.hub, 'AWS::IAM::Policy', 'RevenueJournalsFunctionServiceRole')?.Properties ?? {}
    const policy = JSON.stringify(PolicyDocument)
    expect(policy).toContain('/revenue/*')
    expect(policy).not.toMatch(/s3:DeleteObject|sqs:|dynamodb:|avalarasecret|salesforcesecret|webhooksecret/)
    expect(alarm('RevenueJournalsFailed').AlarmDescription).toContain('hub recognize <month> --dry-run')
  })

  it('journals nothing where NetSuite recognizes revenue itself, or nobody does', () => {
    const functions = synthesize(registry, undefined, false).hub.findResources('AWS::Lambda::Function')
    expect(Object.keys(functions).filter((id) => id.startsWith('RevenueJournals'))).toEqual([])
  })

  it('has neither where there is no AvaTax and no NetSuite', () => {
    const without = synthesize(manifestsOf(['salesforce', 'lake']), ['salesforce'])
    // 7 of Salesforce, 6 of the lake, 3 of the edge, 3 of the schedules.
    without.hub.resourceCountIs('AWS::CloudWatch::Alarm', 19)
    without.hub.resourceCountIs('AWS::Scheduler::Schedule', 2)
  })
})

describe('what is switched on', () => {
  it('makes lanes for these connectors only, and changes nothing in the data stack', () => {
    const { data, hub } = synthesize(manifestsOf(['lake']))
    expect(data.toJSON()).toEqual(stage.data.toJSON())
    hub.resourceCountIs('AWS::Lambda::EventSourceMapping', 1)
    hub.resourceCountIs('AWS::SecretsManager::Secret', 2)
  })

  it('refuses a lane that could make more calls than the vendor allows, and says where to lower them', () => {
    const [netsuite] = manifestsOf(['netsuite'])
    if (!netsuite) throw new Error('netsuite is in the registry')
    const greedy = { ...netsuite, queue: { ...netsuite.queue, maximumConcurrency: 3 } }
    expect(() => synthesize([greedy])).toThrow(
      'NetSuite allows 5 calls at once for the whole account, and this lane could make 6: 3 workers × 2 calls. ' +
        'Lower queue.maximumConcurrency or vendor.parallelCalls in functions/connectors/netsuite/manifest.ts.',
    )
  })
})
