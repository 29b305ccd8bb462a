// Bundles every function as the CDK app does and loads each bundle in fresh processes: its size, its time to load, and
// for ingest the time over loading its AWS clients alone. Secrets are answered by the embedded Secrets Manager.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { registry } from '../../functions/connectors/registry.ts'
import { secretArn } from '../../local/aws/account.ts'
import { startSecrets } from '../../local/aws/secrets.ts'
import { AVALARA, NETSUITE, netsuiteKeys, SALESFORCE, STRIPE_API_KEY } from '../../local/hub/credentials.ts'
import { systemClock } from '../../shared/clock.ts'
import { BUNDLING, bundleFunctions, type FunctionBundle, ROOT } from './bundles.ts'
import { median, progress, type Row, rounded } from './measurement.ts'

const RATIO_LOADS = 11
const LOADS = 3
/** Of what is in a bundle, the biggest. */
const SHOWN_PACKAGES = 5

interface Bundle {
  name: string
  /** Absolute. */
  file: string
  bytes: number
}

interface Load {
  wallMs: number
  cpuMs: number
}

export async function measureImports(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bundles-'))
  const secrets = await startSecrets({ clock: systemClock })
  try {
    const bundles = await bundleFunctions(folder)
    progress(`  ${bundles.length} functions bundled`)
    const ingest = bundles.find(({ name }) => name === 'ingest')
    if (!ingest) throw new Error('functions/ingest/main.ts is missing.')
    const clients = await bundleClients(ingest.sources, folder)
    const environment = environmentFor(secrets.endpoint, storeSecrets(secrets))
    const base = await medianLoad(clients, environment, LOADS)
    return [
      await ratioRow(inFolder(ingest, folder), clients, environment),
      ...(await sizeRows(bundles, folder, base, environment)),
    ]
  } finally {
    await secrets.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const inFolder = ({ name, file, bytes }: FunctionBundle, folder: string): Bundle => ({
  name,
  file: join(folder, file),
  bytes,
})

/** A bundle of what a function's own sources import from the AWS SDK, and nothing else. */
async function bundleClients(sources: readonly string[], folder: string): Promise<Bundle> {
  const imported = new Map<string, Set<string>>()
  for (const source of sources) {
    const text = readFileSync(join(ROOT, source), 'utf8')
    for (const [, names = '', from = ''] of text.matchAll(/^import \{([^}]*)\} from '(@aws-[^']+)'/gm)) {
      const values = names.split(',').map((name) => name.trim())
      const known = imported.get(from) ?? new Set()
      for (const name of values) if (name !== '' && !name.startsWith('type ')) known.add(name)
      imported.set(from, known)
    }
  }
  const contents = [...imported]
    .filter(([, names]) => names.size > 0)
    .map(([from, names]) => `export { ${[...names].join(', ')} } from '${from}'`)
    .join('\n')
  const file = join(folder, 'clients-of-ingest.mjs')
  await build({ ...BUNDLING, stdin: { contents, resolveDir: ROOT, loader: 'ts' }, outfile: file })
  return { name: 'the AWS clients of ingest', file, bytes: statSync(file).size }
}

async function ratioRow(ingest: Bundle, clients: Bundle, environment: NodeJS.ProcessEnv): Promise<Row> {
  const own: Load[] = []
  const base: Load[] = []
  // In turn, so that whatever else the machine does falls on both.
  for (let turn = 0; turn < RATIO_LOADS; turn += 1) {
    own.push(await load(ingest, environment))
    base.push(await load(clients, environment))
  }
  const of = (loads: readonly Load[], part: keyof Load) => median(loads.map((each) => each[part]))
  const wall = rounded(of(own, 'wallMs') / of(base, 'wallMs'))
  return {
    name: 'Ingest: cold import over its AWS clients alone',
    measured: rounded(of(own, 'cpuMs') / of(base, 'cpuMs')),
    unit: '×',
    bound: 1.3,
    note:
      `medians of ${RATIO_LOADS} fresh processes in turn, processor time: ${rounded(of(own, 'cpuMs'))} over ${rounded(of(base, 'cpuMs'))} ms; ` +
      `by the wall clock ${wall} × (${rounded(of(own, 'wallMs'))} over ${rounded(of(base, 'wallMs'))} ms); ` +
      `${kilobytes(ingest)} over ${kilobytes(clients)} KB`,
  }
}

/** @param base to load the AWS clients of ingest and nothing else: what every function pays. */
async function sizeRows(
  bundles: readonly FunctionBundle[],
  folder: string,
  base: Load,
  environment: NodeJS.ProcessEnv,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const bundle of bundles) {
    const { wallMs, cpuMs } = await medianLoad(inFolder(bundle, folder), environment, LOADS)
    const biggest = [...bundle.packages]
      .slice(0, SHOWN_PACKAGES)
      .map(([name, bytes]) => `${name} ${Math.round(bytes / 1_024)}`)
    rows.push({
      name: `Bundle of ${bundle.name}`,
      measured: kilobytes(bundle),
      unit: 'KB',
      bound: null,
      note:
        `loads in ${rounded(wallMs)} ms (processor ${rounded(cpuMs)} ms, ${rounded(cpuMs / base.cpuMs)} × the AWS clients of ingest alone), ` +
        `its secrets read over loopback where it reads them at the start; the biggest in it, in KB: ${biggest.join(', ')}`,
    })
  }
  return rows
}

async function medianLoad(bundle: Bundle, environment: NodeJS.ProcessEnv, turns: number): Promise<Load> {
  const loads: Load[] = []
  for (let turn = 0; turn < turns; turn += 1) loads.push(await load(bundle, environment))
  return { wallMs: median(loads.map(({ wallMs }) => wallMs)), cpuMs: median(loads.map(({ cpuMs }) => cpuMs)) }
}

const kilobytes = ({ bytes }: Bundle): number => Math.round(bytes / 1_024)

const LOADER = `
const cpu = process.cpuUsage(), wall = performance.now()
await import(process.argv[1])
const { user, system } = process.cpuUsage(cpu)
process.stdout.write(JSON.stringify({ wallMs: performance.now() - wall, cpuMs: (user + system) / 1000 }), () => process.exit(0))
`

async function load(bundle: Bundle, env: NodeJS.ProcessEnv): Promise<Load> {
  const child = promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', LOADER, pathToFileURL(bundle.file).href],
    { env },
  )
  const { stdout } = await child.catch((error: { stderr?: string }) => {
    // Node shows the failing line, and here that is the whole bundle.
    const why = /^\w*Error: .{0,300}/m.exec(error.stderr ?? '')?.[0] ?? 'no reason given'
    throw new Error(`The bundle of ${bundle.name} does not load: ${why}`)
  })
  return JSON.parse(stdout) as Load
}

/** @returns the ARN of each secret, by the name under which functions ask for it. */
function storeSecrets(secrets: Awaited<ReturnType<typeof startSecrets>>): Record<string, string> {
  const values = {
    stripe: { apiKey: STRIPE_API_KEY },
    salesforce: { loginUrl: 'http://127.0.0.1:1', ...SALESFORCE },
    netsuite: { auth: 'oauth2', ...NETSUITE, privateKey: netsuiteKeys().privateKey, algorithm: 'ES256' },
    avalara: { ...AVALARA, environment: 'http://127.0.0.1:1' },
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      secrets.put(name, JSON.stringify(value))
      return [name, secretArn(name)]
    }),
  )
}

/** What the CDK app tells a function, and an address on which no AWS answers. */
function environmentFor(secretsAt: string, arns: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const connectors = registry.map(({ name }) => name)
  const perConnector = <T>(value: (name: string) => T) =>
    JSON.stringify(Object.fromEntries(connectors.map((name) => [name, value(name)])))
  return {
    PATH: process.env.PATH,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsAt,
    HUB_STAGE: 'local',
    HUB_ACCOUNT: 'acct_1Bench',
    HUB_LIVEMODE: 'false',
    HUB_TABLE: 'bench',
    HUB_BUCKET: 'bench',
    HUB_QUEUES: perConnector((name) => `http://127.0.0.1:1/000000000000/${name}`),
    HUB_LANES: perConnector((name) => ({ eventSource: name, functionName: name })),
    HUB_SECRETS: JSON.stringify(arns),
    HUB_CONNECTORS: JSON.stringify(connectors),
  }
}
