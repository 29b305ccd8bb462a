// Fixed addresses for the functions that call vendors: private subnets behind a NAT gateway in each zone, made here or
// the user's own. Calls to AWS stay inside by endpoints and never pay for NAT. Functions that call AWS only (ingest,
// the breaker) stay outside: nothing of theirs leaves AWS.
import { CfnOutput } from 'aws-cdk-lib'
import {
  CfnEIP,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  NatProvider,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import { Construct } from 'constructs'
import type { Deployment } from '../functions/connectors/deployment.ts'
import { createLogGroup } from './log-group.ts'

/** As a Lambda takes it. */
export interface FunctionNetwork {
  vpc: IVpc
  vpcSubnets: { subnets: ISubnet[] }
  securityGroups: ISecurityGroup[]
}

type Settings = NonNullable<Deployment['network']>

const HTTPS = Port.tcp(443)
/** Of a new VPC, which is joined to nothing. */
const ADDRESSES = '10.71.0.0/20'

export class Network extends Construct {
  readonly forFunctions: FunctionNetwork

  constructor(scope: Construct, id: string, { vpc, zones }: Settings) {
    super(scope, id)
    const chosen =
      vpc === 'new'
        ? this.makeVpc(zones)
        : Vpc.fromVpcAttributes(this, 'Vpc', {
            vpcId: vpc.id,
            availabilityZones: vpc.availabilityZones,
            privateSubnetIds: vpc.privateSubnets,
          })
    const calls = new SecurityGroup(this, 'Calls', {
      vpc: chosen,
      description: 'Switchyard functions: HTTPS out, nothing in',
      allowAllOutbound: false,
    })
    calls.addEgressRule(Peer.anyIpv4(), HTTPS, 'Vendors and AWS')
    this.forFunctions = {
      vpc: chosen,
      vpcSubnets: { subnets: chosen.privateSubnets },
      securityGroups: [calls],
    }
  }

  private makeVpc(zones: number): Vpc {
    const addresses = Array.from({ length: zones }, (_, index) => new CfnEIP(this, `Address${index + 1}`))
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(ADDRESSES),
      maxAzs: zones,
      natGatewayProvider: NatProvider.gateway({
        eipAllocationIds: addresses.map(({ attrAllocationId }) => attrAllocationId),
      }),
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false },
        { name: 'functions', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 23 },
      ],
      restrictDefaultSecurityGroup: false,
    })
    // Refused traffic only: what passes is in the functions' own logs.
    vpc.addFlowLog('Refused', {
      destination: FlowLogDestination.toCloudWatchLogs(createLogGroup(this, 'RefusedLogs')),
      trafficType: FlowLogTrafficType.REJECT,
    })
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 })
    vpc.addGatewayEndpoint('DynamoDb', { service: GatewayVpcEndpointAwsService.DYNAMODB })
    const fromInside = new SecurityGroup(this, 'Endpoints', {
      vpc,
      description: 'Switchyard: HTTPS from inside to AWS',
      allowAllOutbound: false,
    })
    fromInside.addIngressRule(Peer.ipv4(ADDRESSES), HTTPS, 'From the functions')
    for (const [name, service] of Object.entries(ENDPOINTS)) {
      vpc.addInterfaceEndpoint(name, { service, securityGroups: [fromInside], open: false })
    }
    new CfnOutput(this, 'Addresses', {
      value: addresses.map(({ attrPublicIp }) => attrPublicIp).join(', '),
      description: 'The addresses from which vendors are called: for their lists of allowed ones',
    })
    return vpc
  }
}

/** What a function that calls vendors calls of AWS too. Logs and traces leave by Lambda itself. */
const ENDPOINTS = {
  Sqs: InterfaceVpcEndpointAwsService.SQS,
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
}
