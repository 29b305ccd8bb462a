// A Lambda as every part of the hub is one: TypeScript bundled by esbuild on this machine (no Docker), Node 24 on arm64,
// the AWS SDK inside, and told by its environment what shared/runtime/aws.ts reads.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'

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
}

export class HubFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: HubFunctionProps) {
    const entry = `${ROOT}functions/${props.folder}/main.ts`
    if (!existsSync(entry)) {
      throw new Error(
        `functions/${props.folder}/main.ts is missing: it is what the Lambda "${id}" would run.`,
      )
    }
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
      logGroup: new LogGroup(scope, `${id}Logs`, {
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
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
    for (const secret of Object.values(props.secrets)) secret.grantRead(this)
  }
}

const addressesOf = (scope: Construct, secrets: Readonly<Record<string, ISecret>>): string =>
  Stack.of(scope).toJsonString(
    Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.secretArn])),
  )
