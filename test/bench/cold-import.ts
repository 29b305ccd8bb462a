// Bundles every function as the CDK app does and loads each bundle in fresh processes: its size, its time to load, and
// for ingest the time over loading its AWS clients alone. Secrets are answered by the embedded Secrets Manager.
import { execFile } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { type BuildOptions, build } from 'esbuild'
import { registry } from '../../functions/connectors/registry.ts'
import { secretArn } from '../../local/aws/account.ts'
import { startSecrets } from '../../local/aws/secrets.ts'
import { AVALARA, NETSUITE, netsuiteKeys, SALESFORCE, STRIPE_API_KEY } from '../../local/hub/credentials.ts'
import { systemClock } from '../../shared/clock.ts'
import { median, progress, type Row, rounded } from './measurement.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const RATIO_LOADS = 11
const LOADS = 3

/** The settings of cdk/hub-function.ts, in esbuild's own terms. */
const BUNDLING: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  minify: true,
  keepNames: true,
  absWorkingDir: ROOT,
  logLevel: 'error',
}

interface Bundle {
  name: string
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
    const entries = globSync('functions/**/main.ts', { cwd: ROOT }).sort()
    const built = await Promise.all(entries.map((entry) => bundleFunction(entry, folder)))
    progress(`  ${built.length} functions bundled`)
    const ingest = built.find(({ bundle }) => bundle.name === 'ingest')
    if (!ingest) throw new Error('functions/ingest/main.ts is missing.')
    const clients = await bundleClients(ingest.sources, folder)
    const environment = environmentFor(secrets.endpoint, storeSecrets(secrets))
    return [
      await ratioRow(ingest.bundle, clients, environment),
      ...(await sizeRows(
        built.map(({ bundle }) => bundle),
        environment,
      )),
    ]
  } finally {
    await secrets.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns the bundle, and the hub's own files in it. */
async function bundleFunction(entry: string, folder: string): Promise<{ bundle: Bundle; sources: string[] }> {
  const name = basename(dirname(entry))
  const file = join(folder, `${name}.mjs`)
  const { metafile } = await build({ ...BUNDLING, entryPoints: [entry], outfile: file, metafile: true })
  const sources = Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules'))
  return { bundle: { name, file, bytes: statSync(file).size }, sources }
}

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

async function sizeRows(bundles: readonly Bundle[], environment: NodeJS.ProcessEnv): Promise<Row[]> {
  const rows: Row[] = []
  for (const bundle of bundles) {
    const loads: Load[] = []
    for (let turn = 0; turn < LOADS; turn += 1) loads.push(await load(bundle, environment))
    rows.push({
      name: `Bundle of ${bundle.name}`,
      measured: kilobytes(bundle),
      unit: 'KB',
      bound: null,
      note: `loads in ${rounded(median(loads.map(({ wallMs }) => wallMs)))} ms (processor ${rounded(median(loads.map(({ cpuMs }) => cpuMs)))} ms), its secrets read over loopback where it reads them at the start`,
    })
  }
  return rows
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
