// The make-believe AWS account that the emulator keeps: how everything of this run reaches it. Nothing here can reach the
// real AWS: an address that is not this machine's own is refused, the credentials are made up, and no child process
// inherits credentials, profiles or addresses from whoever started the run.
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const REGION = 'us-east-1'
export const ACCOUNT = '000000000000'

/** What all of the emulator's clients are given. */
export interface EmulatedAccount {
  endpoint: string
  /** For the AWS SDK in this process. */
  clients: {
    region: string
    endpoint: string
    credentials: { accessKeyId: string; secretAccessKey: string }
  }
  /** For a child process that speaks AWS: the CDK's command line. */
  environment: NodeJS.ProcessEnv
}

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' }

/**
 * @param certificateFile what the endpoint's TLS is known by.
 * @throws Error unless the address is this machine's own.
 */
export function emulatedAccount(endpoint: string | undefined, certificateFile?: string): EmulatedAccount {
  if (!endpoint)
    throw new Error('No endpoint is set: without one, the AWS SDK would call the real AWS. Nothing was sent.')
  const { hostname, protocol } = new URL(endpoint)
  if (hostname !== '127.0.0.1' || !protocol.startsWith('http'))
    throw new Error(
      `${endpoint} is not this machine: this run never speaks to another one. Nothing was sent.`,
    )
  return {
    endpoint,
    clients: { region: REGION, endpoint, credentials: CREDENTIALS },
    environment: {
      ...plainEnvironment(),
      AWS_ENDPOINT_URL: endpoint,
      // The CDK reads this one for assets.
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      // Profiles and instance roles would bring real credentials.
      AWS_CONFIG_FILE: join(ROOT, '.hub/e2e/no-aws-config'),
      AWS_SHARED_CREDENTIALS_FILE: join(ROOT, '.hub/e2e/no-aws-credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      ...(certificateFile && { NODE_EXTRA_CA_CERTS: certificateFile }),
      CDK_DISABLE_VERSION_CHECK: '1',
      CI: 'true',
    },
  }
}

/** What a child process needs of ours, with the packages' own Node first: the emulator runs functions with it. */
export const plainEnvironment = (): NodeJS.ProcessEnv => ({
  ...inherited('HOME', 'TMPDIR', 'LANG', 'JAVA_HOME', 'SystemRoot', 'HTTPS_PROXY', 'PIP_INDEX_URL'),
  PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
})

const inherited = (...names: string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
