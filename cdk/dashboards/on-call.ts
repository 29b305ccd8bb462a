// What whoever is on call looks at: one dashboard for the hub, one for each connector, and the Lambda behind their widgets,
// which may read the ledger and nothing else of it. Made last, so that it shows every alarm of the stack.
import { Duration, Stack } from 'aws-cdk-lib'
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { allowLedger } from '../access.ts'
import type { DataStack } from '../data-stack.ts'
import { HubFunction } from '../hub-function.ts'
import { type Lane, queuesOf } from '../lane.ts'
import { createConnectorDashboard } from './connector-dashboard.ts'
import { createOverview } from './overview.ts'

export interface OnCallProps {
  stage: string
  lanes: readonly Lane[]
  data: DataStack
  /** What every function of the hub is told. */
  environment: Readonly<Record<string, string>>
  /** An invoice's number is looked up in Stripe. */
  stripe: ISecret
  /** Where the console is, where there is one: `https://…/console`. */
  consoleUrl?: string | undefined
  taxes: boolean
  books: boolean
  journals: boolean
}

export class OnCall extends Construct {
  constructor(scope: Construct, id: string, props: OnCallProps) {
    super(scope, id)
    const { stage, lanes, data, consoleUrl, taxes, books, journals } = props
    const widgets = this.createWidgets(props).functionArn
    const told = { stage, widgets, ...(consoleUrl && { consoleUrl }) }
    const dashboards = new Map(
      lanes.map(({ manifest, handler }) => [
        manifest.name,
        createConnectorDashboard(this, manifest.name, {
          ...told,
          manifest,
          handler,
          queues: queuesOf(data, manifest),
        }),
      ]),
    )
    createOverview(this, 'Overview', {
      ...told,
      manifests: lanes.map(({ manifest }) => manifest),
      alarms: Stack.of(this)
        .node.findAll()
        .filter((construct) => construct instanceof Alarm),
      dashboards,
      taxes,
      books,
      journals,
    })
  }

  private createWidgets({ data, environment, stripe, consoleUrl }: OnCallProps): HubFunction {
    const widgets = new HubFunction(this, 'Widgets', {
      folder: 'widgets',
      description: 'Shows on a dashboard what is parked, and where one object stands',
      memoryMiB: 512,
      timeout: Duration.seconds(20),
      environment: {
        ...environment,
        HUB_QUEUES: '{}',
        ...(consoleUrl && { HUB_CONSOLE_URL: consoleUrl }),
      },
      secrets: { stripe },
      callsVendors: true,
    })
    allowLedger(widgets, data.ledger, 'BatchGetItem', 'GetItem', 'Query')
    return widgets
  }
}
