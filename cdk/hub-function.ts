// A Lambda as every part of the hub is one: TypeScript bundled by esbuild on this machine (no Docker), Node 24 on arm64,
// the AWS SDK inside, and told by its environment what shared/runtime/aws.ts reads.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Duration, Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { allowSecret } from './access.ts'
import { acceptFinding } from './checks.ts'
import { createLogGroup } from './log-group.ts'
import { stageMeans } from './stage-means.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** ESM has no `require`, which bundled CommonJS packages still call. */
const REQUIRE_BANNER =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);"

export interface HubFunctionProps {
  /** Folder under functions/ that holds main.ts: `connectors/netsuite`. */
  folder: string
  /** What of it is called; absent: `handler`. */
  handler?: string
  description: string
  memoryMiB: number
  timeout: Duration
  environment: Readonly<Record<string, string>>
  /** It may read these, and is told where they are, by the name under which it asks for them. */
  secrets: Readonly<Record<string, ISecret>>
  /** It calls a vendor, so where the stage has fixed addresses it must leave by them. */
  callsVendors?: boolean
}

export class HubFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: HubFunctionProps) {
    const entry = `${ROOT}functions/${props.folder}/main.ts`
    if (!existsSync(entry)) {
      throw new Error(
        `functions/${props.folder}/main.ts is missing: it is what the Lambda "${id}" would run.`,
      )
    }
    const { key, network } = stageMeans(scope)
    const inside = props.callsVendors ? network : undefined
    const logGroup = createLogGroup(scope, `${id}Logs`)
    super(scope, id, {
      entry,
      handler: props.handler ?? 'handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB,
      timeout: props.timeout,
      environment: {
        ...props.environment,
        HUB_SECRETS: addressesOf(scope, props.secrets),
        NODE_OPTIONS: '--enable-source-maps',
      },
      tracing: Tracing.ACTIVE,
      logGroup,
      role: createRole(scope, `${id}ServiceRole`, { logGroup, inNetwork: inside !== undefined }),
      ...inside,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        mainFields: ['module', 'main'],
        banner: REQUIRE_BANNER,
        minify: true,
        keepNames: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.EXTERNAL,
        sourcesContent: false,
        // The runtime's own copy of the SDK is another version, and slower to load than a bundled one.
        externalModules: [],
        forceDockerBundling: false,
      },
    })
    for (const secret of Object.values(props.secrets)) allowSecret(this, secret)
    key?.allowUse(this)
  }
}

/** In place of AWS's managed policies, which allow every log group of the account. */
function createRole(
  scope: Construct,
  id: string,
  { logGroup, inNetwork }: { logGroup: LogGroup; inNetwork: boolean },
): Role {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  logGroup.grantWrite(role)
  if (inNetwork) role.addToPolicy(new PolicyStatement({ actions: NETWORK_ACTIONS, resources: ['*'] }))
  acceptFinding(
    role,
    'IAM5[Resource::*]',
    'X-Ray and network interfaces have no resource that one could name',
  )
  return role
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions */
const NETWORK_ACTIONS = [
  'CreateNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'DeleteNetworkInterface',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
].map((action) => `ec2:${action}`)

const addressesOf = (scope: Construct, secrets: Readonly<Record<string, ISecret>>): string =>
  Stack.of(scope).toJsonString(
    Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.secretArn])),
  )
