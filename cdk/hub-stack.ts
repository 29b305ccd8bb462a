// What is deployed again and again: the webhook's address and its Lambda, a lane per connector, and the
// schedules. It loops over manifests and names no connector; what it holds no state in can be deleted at any time.
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { type HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { Deployment } from '../functions/connectors/deployment.ts'
import type { Manifest } from '../shared/connector/contract.ts'
import { EDGE_SECRET_FIELD } from '../shared/edge/edge-header.ts'
import type { ConsoleConfig } from '../shared/sign-in/config.ts'
import { allowInvoking, allowLedger, allowWriting } from './access.ts'
import { createAlarmTopic } from './alarm-topic.ts'
import { acceptFinding } from './checks.ts'
import { Console } from './console.ts'
import { DailyClearing } from './daily-clearing.ts'
import { OnCall } from './dashboards/on-call.ts'
import type { DataStack } from './data-stack.ts'
import { EventIntake } from './event-intake.ts'
import { FunctionSchedule } from './function-schedule.ts'
import { HubApi } from './http-api.ts'
import { HubFunction } from './hub-function.ts'
import { LakeCatalog } from './lake-catalog.ts'
import { Lane, LEDGER_ACTIONS, queuesOf } from './lane.ts'
import { MetricAlarms } from './metric-alarms.ts'
import { RevenueJournals } from './revenue-journals.ts'
import { giveStageMeans } from './stage-means.ts'
import { addSecretOutput } from './stage-outputs.ts'

export interface HubStackProps extends StackProps {
  stage: string
  livemode: boolean
  /** The Stripe account whose events are taken. */
  account: string
  /** The seller's: where a day ends. */
  timeZone: string
  manifests: readonly Manifest[]
  /** Connectors with credentials of their own: those that hub.config.ts configures. */
  credentialed: readonly string[]
  /** The hub posts revenue as journals. */
  journalsRevenue: boolean
  /** Absent: no console. */
  console?: ConsoleConfig | undefined
  deployment: Deployment
  data: DataStack
}

/** The connector whose vendor estimates tax too. */
const TAXING = 'avalara'
/** The connector whose vendor keeps the books. */
const BOOKING = 'netsuite'
const SWEEP_EVERY = Duration.minutes(15)

export class HubStack extends Stack {
  private readonly settings: HubStackProps
  private readonly shared: Readonly<Record<string, string>>
  /** By connector. */
  private readonly credentials = new Map<string, ISecret>()
  readonly api: HubApi
  /** What the distribution in front of the API sends with each request; absent: there is none. */
  readonly edge: ISecret | undefined

  constructor(scope: Construct, id: string, settings: HubStackProps) {
    super(scope, id, settings)
    this.settings = settings
    const { manifests, data, stage, account, livemode, credentialed, timeZone, deployment } = settings
    giveStageMeans(this, {
      logRetentionDays: deployment.logRetentionDays,
      ...(data.key && { key: data.key }),
      ...(data.network && { network: data.network.forFunctions }),
    })
    this.shared = {
      HUB_STAGE: stage,
      HUB_ACCOUNT: account,
      HUB_LIVEMODE: String(livemode),
      HUB_TABLE: data.ledger.tableName,
      HUB_BUCKET: data.bucket.bucketName,
      HUB_CONNECTORS: JSON.stringify(manifests.map(({ name }) => name)),
    }
    const alarms = createAlarmTopic(this, 'Alarms')
    const stripe = this.secret('stripe', 'Stripe restricted API key: {"apiKey": "rk_…"}')
    const webhook = this.secret(
      'webhook',
      'Stripe signing secrets, newest first: {"signingSecrets": ["whsec_…"]}',
    )
    const lanes = manifests.map((manifest) => {
      const { name, title } = manifest
      if (credentialed.includes(name))
        this.credentials.set(name, this.secret(name, `Credentials for ${title}`))
      const own = this.credentials.has(name) && { [name]: this.secretOf(name) }
      return new Lane(this, name, {
        manifest,
        data,
        environment: this.shared,
        secrets: { stripe, ...own },
        alarms,
      })
    })
    this.edge = deployment.edge && this.addEdgeSecret()
    this.api = new HubApi(this, 'Api', deployment.api)
    this.addIngest(this.api, webhook)
    if (deployment.eventSource) this.addIntake(deployment.eventSource, alarms)
    if (credentialed.includes(TAXING)) this.addTaxEstimate(this.api, stripe)
    this.addReconcile(stripe)
    const console = settings.console && this.addConsole(this.api, stripe, settings.console)
    if (manifests.some(({ style }) => style === 'append'))
      new LakeCatalog(this, 'LakeCatalog', { stage, bucket: data.bucket, settings: deployment.lake })
    if (credentialed.includes(BOOKING)) {
      const books = {
        environment: this.shared,
        secrets: { stripe, [BOOKING]: this.secretOf(BOOKING) },
        timeZone,
      }
      new DailyClearing(this, 'DailyClearing', books)
      if (settings.journalsRevenue)
        new RevenueJournals(this, 'RevenueJournals', { ...books, bucket: data.bucket, alarms })
    }
    this.addMetricAlarms(alarms)
    this.addBreaker(lanes)
    new OnCall(this, 'OnCall', {
      stage,
      lanes,
      data,
      environment: this.shared,
      stripe,
      consoleUrl: console?.url,
      taxes: credentialed.includes(TAXING),
      books: credentialed.includes(BOOKING),
      journals: credentialed.includes(BOOKING) && settings.journalsRevenue,
    })
    new CfnOutput(this, 'AlarmTopic', { value: alarms.topicArn, description: 'Subscribe whoever is on call' })
  }

  private addIngest(api: HttpApi, webhook: ISecret): void {
    const ingest = new HubFunction(this, 'Ingest', {
      folder: 'ingest',
      description: 'Takes in Stripe events and sends them to every queue that wants them',
      memoryMiB: 1_024,
      // Under API Gateway's 30 s, so that our own failure is answered 500 and Stripe sends again.
      timeout: Duration.seconds(25),
      environment: {
        ...this.shared,
        HUB_QUEUES: this.allQueues(),
      },
      secrets: { webhook, ...(this.edge && { edge: this.edge }) },
    })
    this.allowTakingIn(ingest)
    const [route] = api.addRoutes({
      path: '/stripe/webhook',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('IngestIntegration', ingest),
    })
    if (route) acceptFinding(route, 'APIG4', 'Stripe signs; ingest checks the signature before anything else')
    // Where a distribution stands in front, its stack says the address.
    if (this.edge) return
    new CfnOutput(this, 'WebhookUrl', {
      value: `${api.apiEndpoint}/stripe/webhook`,
      description: 'Give this address to a Stripe webhook endpoint',
    })
  }

  private addIntake(eventSource: string, alarms: Topic): void {
    const { intake } = this.settings.data
    const { handler } = new EventIntake(this, 'Intake', {
      eventSource,
      queues: intake,
      environment: { ...this.shared, HUB_QUEUES: this.allQueues() },
      alarms,
    })
    this.allowTakingIn(handler)
  }

  /** What it takes to accept an event: look for its row, send it, write its row. */
  private allowTakingIn(who: HubFunction): void {
    const { data } = this.settings
    allowLedger(who, data.ledger, 'GetItem', 'PutItem')
    allowWriting(who, data.bucket, 'spill/')
    this.grantAllSends(who)
  }

  /** For a user's own site, which makes subscriptions whose first invoice is never a draft. */
  private addTaxEstimate(api: HttpApi, stripe: ISecret): void {
    const callers = this.secret(
      'tax-estimate',
      'Who may ask for a tax estimate: {"apiKeys": ["…"], "signingSecrets": ["…"]}, 24 characters or more each',
    )
    const secrets = {
      stripe,
      [TAXING]: this.secretOf(TAXING),
      'tax-estimate': callers,
      ...(this.edge && { edge: this.edge }),
    }
    const estimate = new HubFunction(this, 'TaxEstimate', {
      folder: 'tax-estimate',
      description: 'Answers what tax a subscription would bear, before it is made',
      memoryMiB: 1_024,
      timeout: Duration.seconds(28),
      environment: {
        ...this.shared,
        HUB_QUEUES: '{}',
      },
      secrets,
      callsVendors: true,
    })
    const [route] = api.addRoutes({
      path: '/tax/estimate',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('TaxEstimateIntegration', estimate),
    })
    if (route)
      acceptFinding(
        route,
        'APIG4',
        'Callers have keys and signatures of their own, which the function checks',
      )
  }

  private addReconcile(stripe: ISecret): void {
    const reconcile = new HubFunction(this, 'Reconcile', {
      folder: 'reconcile',
      description: 'Finds events that never arrived and deliveries that never ended',
      memoryMiB: 1_024,
      timeout: SWEEP_EVERY.minus(Duration.seconds(30)),
      environment: {
        ...this.shared,
        HUB_QUEUES: this.allQueues(),
      },
      secrets: { stripe },
      callsVendors: true,
    })
    const { data } = this.settings
    allowLedger(reconcile, data.ledger, ...LEDGER_ACTIONS)
    allowWriting(reconcile, data.bucket, 'spill/')
    this.grantAllSends(reconcile)
    this.every('ReconcileSchedule', SWEEP_EVERY, reconcile)
  }

  private addConsole(api: HttpApi, stripe: ISecret, { address }: ConsoleConfig): Console {
    const client = this.secret(
      'console',
      'Of the client at your OpenID provider: {"clientSecret": "…"}, or {} where it has none',
    )
    const { manifests, data } = this.settings
    const { credentials, shared: environment } = this
    const queueUrls = this.allQueues()
    return new Console(this, 'Console', {
      api,
      environment,
      data,
      manifests,
      stripe,
      client,
      credentials,
      queueUrls,
      address,
    })
  }

  private addMetricAlarms(topic: Topic): void {
    const alarms = new MetricAlarms(this, topic)
    const { credentialed } = this.settings
    alarms.watchEdge()
    alarms.watchSchedules()
    if (credentialed.includes(TAXING)) alarms.watchTax()
    if (credentialed.includes(BOOKING)) alarms.watchClearing()
    if (credentialed.includes(BOOKING) && this.settings.journalsRevenue) alarms.watchJournals()
  }

  private addBreaker(lanes: readonly Lane[]): void {
    const addresses = lanes.map(({ manifest, source, handler }) => [
      manifest.name,
      { eventSource: source.eventSourceMappingId, functionName: handler.functionName },
    ])
    const breaker = new HubFunction(this, 'Breaker', {
      folder: 'breaker',
      description: 'Switches lanes off while they are paused, and on again when their vendor works',
      memoryMiB: 512,
      timeout: Duration.seconds(55),
      environment: {
        ...this.shared,
        HUB_QUEUES: '{}',
        HUB_LANES: this.toJsonString(Object.fromEntries(addresses)),
      },
      secrets: {},
    })
    allowLedger(breaker, this.settings.data.ledger, 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem')
    breaker.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
        resources: lanes.map(({ source }) => source.eventSourceMappingArn),
      }),
    )
    for (const { handler } of lanes) allowInvoking(breaker, handler)
    this.every('BreakerSchedule', Duration.minutes(1), breaker)
  }

  private every(id: string, interval: Duration, target: HubFunction): void {
    new FunctionSchedule(this, id, {
      schedule: ScheduleExpression.rate(interval),
      target,
      // A run that failed is followed by the next one; a late repeat of an old run helps nobody.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    })
  }

  private secretOf(connector: string): ISecret {
    const secret = this.credentials.get(connector)
    if (!secret) throw new Error(`The connector ${connector} has no credentials.`)
    return secret
  }

  private secret(name: string, description: string): Secret {
    const { key } = this.settings.data
    const secret = new Secret(this, `${name}-secret`, {
      description: `Switchyard (${this.settings.stage}): ${description}`,
      ...(key && { encryptionKey: key.key }),
    })
    addSecretOutput(this, name, secret)
    acceptFinding(
      secret,
      'SMG4',
      'Its value is made by a vendor or a person; Secrets Manager cannot make a new one',
    )
    return secret
  }

  private addEdgeSecret(): Secret {
    const { key } = this.settings.data
    const secret = new Secret(this, 'edge-secret', {
      description: `Switchyard (${this.settings.stage}): what the distribution sends with each request`,
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: EDGE_SECRET_FIELD,
        passwordLength: 48,
        excludePunctuation: true,
      },
      ...(key && { encryptionKey: key.key }),
    })
    acceptFinding(secret, 'SMG4', 'A new value would lock the distribution out until it is deployed again')
    return secret
  }

  private allQueues(): string {
    const { manifests, data } = this.settings
    return this.toJsonString(
      Object.fromEntries(
        manifests.map((manifest) => [manifest.name, queuesOf(data, manifest).queue.queueUrl]),
      ),
    )
  }

  private grantAllSends(sender: HubFunction): void {
    const { manifests, data } = this.settings
    for (const manifest of manifests) queuesOf(data, manifest).queue.grantSendMessages(sender)
  }
}
