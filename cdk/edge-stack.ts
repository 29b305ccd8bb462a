// CloudFront and a web firewall in front of the API, where hub.config.ts asks for them. The firewall of CloudFront lives
// in us-east-1 whatever the hub's region, so it is a stack of its own; the distribution is another, so that the hub
// itself stays as it is. Requests pass with a secret header; the functions refuse those without.
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'
import { EDGE_HEADER, EDGE_SECRET_FIELD } from '../shared/edge/edge-header.ts'
import { acceptFinding } from './checks.ts'

export interface FirewallStackProps extends StackProps {
  requestsPer5Minutes: number
}

export class FirewallStack extends Stack {
  readonly arn: string

  constructor(scope: Construct, id: string, { requestsPer5Minutes, ...props }: FirewallStackProps) {
    super(scope, id, props)
    const seen = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      metricName,
      sampledRequestsEnabled: false,
    })
    const firewall = new CfnWebACL(this, 'Firewall', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: seen('SwitchyardEdge'),
      // No managed rule sets: they look into bodies, and an event that one of them takes for an attack would be refused
      // for three days. What a body is worth, its signature says.
      rules: [
        {
          name: 'rate',
          priority: 1,
          action: { block: {} },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: requestsPer5Minutes,
              evaluationWindowSec: 300,
            },
          },
          visibilityConfig: seen('SwitchyardEdgeRate'),
        },
      ],
    })
    this.arn = firewall.attrArn
  }
}

export interface EdgeStackProps extends StackProps {
  firewall: FirewallStack
  /** Without scheme: `abc.execute-api.eu-central-1.amazonaws.com`. */
  apiDomain: string
  secret: ISecret
}

export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, { firewall, apiDomain, secret, ...props }: EdgeStackProps) {
    super(scope, id, props)
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Switchyard',
      webAclId: firewall.arn,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        origin: new HttpOrigin(apiDomain, {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
          customHeaders: {
            // A reference that CloudFormation resolves; the template does not hold the value.
            [EDGE_HEADER]: `{{resolve:secretsmanager:${secret.secretArn}:SecretString:${EDGE_SECRET_FIELD}}}`,
          },
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      },
    })
    acceptFinding(distribution, 'CFR1', 'Stripe does not say from which countries it calls')
    acceptFinding(
      distribution,
      'CFR3',
      'The access log of the API has a line for each request, without addresses',
    )
    acceptFinding(
      distribution,
      'CFR4',
      "CloudFront's own certificate fixes the protocol; a domain of yours with a certificate changes it",
    )
    new CfnOutput(this, 'WebhookUrl', {
      value: `https://${distribution.distributionDomainName}/stripe/webhook`,
      description: 'Give this address to a Stripe webhook endpoint',
    })
  }
}
