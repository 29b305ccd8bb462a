// The hub's one HTTP API. Every route that is added to it is throttled as hub.config.ts says, and each request leaves
// one line in the access log: what was asked and how it went, without body, query string, path, address or browser.

import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import {
  type AddRoutesOptions,
  CfnStage,
  HttpApi,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2'
import type { Construct } from 'constructs'
import type { Deployment } from '../functions/connectors/deployment.ts'
import { createLogGroup } from './log-group.ts'

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const LOGGED = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  // The route, not the path: a path can hold a customer's id.
  route: '$context.routeKey',
  status: '$context.status',
  error: '$context.error.message',
  integrationStatus: '$context.integration.status',
  integrationError: '$context.integration.error',
  ms: '$context.responseLatency',
  integrationMs: '$context.integration.latency',
  bytes: '$context.responseLength',
}

export class HubApi extends HttpApi {
  private readonly stage: HttpStage
  private readonly settings: Deployment['api']
  private readonly routes = new Set<string>()

  constructor(scope: Construct, id: string, settings: Deployment['api']) {
    super(scope, id, {
      description: 'Switchyard: where Stripe delivers its events',
      createDefaultStage: false,
    })
    this.settings = settings
    const { ratePerSecond, burst } = settings.throttle
    this.stage = new HttpStage(this, 'DefaultStage', {
      httpApi: this,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: ratePerSecond, burstLimit: burst },
      detailedMetricsEnabled: false,
      accessLogSettings: {
        destination: new LogGroupLogDestination(createLogGroup(this, 'AccessLogs')),
        format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
      },
    })
    this.node.addValidation({ validate: () => this.unknownRoutes() })
  }

  override addRoutes(options: AddRoutesOptions): HttpRoute[] {
    const added = super.addRoutes(options)
    for (const method of options.methods ?? []) this.routes.add(`${method} ${options.path}`)
    // A stage that throttles a route which is not there yet is refused.
    this.stage.node.addDependency(...added)
    const { defaultChild } = this.stage.node
    if (!(defaultChild instanceof CfnStage)) throw new Error('The stage of an HTTP API is a CfnStage.')
    defaultChild.routeSettings = Object.fromEntries(
      Object.entries(this.settings.routes)
        .filter(([route]) => this.routes.has(route))
        .map(([route, { ratePerSecond, burst }]) => [
          route,
          { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst },
        ]),
    )
    return added
  }

  private unknownRoutes(): string[] {
    const unknown = Object.keys(this.settings.routes).filter((route) => !this.routes.has(route))
    return unknown.map(
      (route) =>
        `hub.config.ts → deployment.api.routes: this stage has no route "${route}". Write one of ${[...this.routes].join(', ')}.`,
    )
  }
}
