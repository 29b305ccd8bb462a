// The console for people without an AWS login: a function that reads, one that acts, and for each system one that looks into it.
// Who may what is apart: what reads can write nothing but a plan's row, what acts holds no credential and can only send
// touches, and a vendor's credential is with the function that looks into that vendor. Each checks the identity token itself
// (shared/sign-in says why API Gateway does not).
import { CfnOutput, Duration } from 'aws-cdk-lib'
import { type HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { Manifest } from '../shared/connector/contract.ts'
import { NOTE_PREFIX } from '../shared/ledger/notes.ts'
import { ACT_PREFIX, PLAN_PREFIX } from '../shared/ledger/plans.ts'
import { allowInvoking, allowLedger } from './access.ts'
import { acceptFinding } from './checks.ts'
import type { DataStack } from './data-stack.ts'
import { HubFunction } from './hub-function.ts'
import { queuesOf } from './lane.ts'

export interface ConsoleProps {
  api: HttpApi
  /** What every function of the hub is told. */
  environment: Readonly<Record<string, string>>
  data: DataStack
  manifests: readonly Manifest[]
  stripe: ISecret
  /** {"clientSecret": "…"} of the client at the OpenID provider; {} where it has none. */
  client: ISecret
  /** By connector: the systems that can be looked into. */
  credentials: ReadonlyMap<string, ISecret>
  /** JSON, queue URL by connector. */
  queueUrls: string
  /** Where people open it, when that is not the API's own address. */
  address: string | undefined
}

/** Under API Gateway's 30 s. */
const TIMEOUT = Duration.seconds(28)

export class Console extends Construct {
  /** Where people open it. */
  readonly url: string

  constructor(scope: Construct, id: string, props: ConsoleProps) {
    super(scope, id)
    const { api, data, address } = props
    const looks = this.addLooks(props)
    const read = this.addRead(props, looks)
    const act = this.addAct(props)
    const reading = new HttpLambdaIntegration('ReadIntegration', read)
    const add = (path: string, method: HttpMethod, integration: HttpLambdaIntegration) => {
      for (const route of api.addRoutes({ path, methods: [method], integration }))
        acceptFinding(route, 'APIG4', 'The function checks the identity token before anything else')
    }
    for (const path of ['/console', '/console/{page}']) add(path, HttpMethod.GET, reading)
    const acting = new HttpLambdaIntegration('ActIntegration', act)
    for (const path of ['/console/replay', '/console/note']) add(path, HttpMethod.POST, acting)
    allowLedger(read, data.ledger, 'GetItem', 'Query')
    allowLedger(act, data.ledger, 'GetItem', 'Query')
    this.url = `${address ?? api.apiEndpoint}/console`
    new CfnOutput(this, 'Url', { value: this.url, description: 'The console, for people' })
    new CfnOutput(this, 'SignedInAddress', {
      value: `${this.url}/signed-in`,
      description: "Register this redirect address with the console's client at your OpenID provider",
    })
  }

  private addLooks({
    environment,
    data,
    manifests,
    stripe,
    credentials,
  }: ConsoleProps): Map<string, HubFunction> {
    const looks = new Map<string, HubFunction>()
    for (const { name, title } of manifests) {
      const credential = credentials.get(name)
      if (!credential) continue
      const look = new HubFunction(this, `${name}Look`, {
        folder: `connectors/${name}`,
        handler: 'look',
        description: `Reads in ${title} what stands for a Stripe object, for the console`,
        memoryMiB: 1_024,
        timeout: TIMEOUT,
        environment: { ...environment, HUB_QUEUES: '{}' },
        secrets: { stripe, [name]: credential },
        callsVendors: true,
      })
      allowLedger(look, data.ledger, 'GetItem')
      looks.set(name, look)
    }
    return looks
  }

  private addRead(props: ConsoleProps, looks: ReadonlyMap<string, HubFunction>): HubFunction {
    const { environment, data, manifests, stripe, client, queueUrls } = props
    const read = new HubFunction(this, 'Read', {
      folder: 'console',
      description: 'Shows what is in step and what is not; changes nothing',
      memoryMiB: 1_024,
      timeout: TIMEOUT,
      environment: {
        ...environment,
        HUB_QUEUES: queueUrls,
        HUB_LOOKS: data.toJsonString(
          Object.fromEntries([...looks].map(([name, { functionName }]) => [name, functionName])),
        ),
      },
      secrets: { stripe, console: client },
      callsVendors: true,
    })
    read.addToRolePolicy(ownRows(data, ['dynamodb:PutItem'], [PLAN_PREFIX]))
    for (const manifest of manifests) queuesOf(data, manifest).queue.grant(read, 'sqs:GetQueueAttributes')
    for (const look of looks.values()) allowInvoking(read, look)
    return read
  }

  private addAct({ environment, data, manifests, queueUrls }: ConsoleProps): HubFunction {
    const act = new HubFunction(this, 'Act', {
      folder: 'replay',
      description: 'Carries out a replay that was previewed: sends touches, and records who and why',
      memoryMiB: 512,
      timeout: TIMEOUT,
      environment: { ...environment, HUB_QUEUES: queueUrls },
      secrets: {},
    })
    act.addToRolePolicy(
      ownRows(data, ['dynamodb:PutItem', 'dynamodb:UpdateItem'], [PLAN_PREFIX, ACT_PREFIX, NOTE_PREFIX]),
    )
    for (const manifest of manifests) {
      if (manifest.style === 'projection') queuesOf(data, manifest).queue.grantSendMessages(act)
    }
    return act
  }
}

/** Rows of these key prefixes alone: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
const ownRows = (data: DataStack, actions: string[], prefixes: readonly string[]): PolicyStatement =>
  new PolicyStatement({
    actions,
    resources: [data.ledger.tableArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}*`) },
    },
  })
