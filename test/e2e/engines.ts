// Two more engines under the contracts: DynamoDB Local, which is AWS's own, and ElasticMQ. Both are Java: their jars come
// from Maven Central, each at a pinned version with its checksum, into the run's own folder; then they are started on free
// ports and keep everything in memory.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.html · https://github.com/softwaremill/elasticmq
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import { lastLines, type RunningChild, runChild, startChild } from './children.ts'
import { plainEnvironment, ROOT } from './emulated-account.ts'
import { freePort } from './free-port.ts'

const MAVEN = 'https://repo1.maven.org/maven2'
/** DynamoDB Local 2.6 wants it: its release notes. */
const MINIMUM_JAVA = 17
const PARALLEL_DOWNLOADS = 6
const DOWNLOAD_TRIES = 3
const READY_WITHIN_MS = 300_000

export interface Engine {
  name: string
  /** Lines of `sha256  path`, the whole closure of its jars, in test/e2e/pins. */
  pins: string
  arguments(port: number, jars: string, nativeFolder: string): string[]
}

export const DYNAMODB_LOCAL: Engine = {
  name: 'DynamoDB Local 2.6.1',
  pins: 'dynamodb-local.sha256',
  arguments: (port, jars, nativeFolder) =>
    [`-Djava.library.path=${nativeFolder}`, '-cp', jars].concat(
      ['com.amazonaws.services.dynamodbv2.local.main.ServerRunner', '-inMemory', '-sharedDb'],
      ['-port', String(port)],
    ),
}

export const ELASTICMQ: Engine = {
  name: 'ElasticMQ 1.7.1',
  pins: 'elasticmq.sha256',
  arguments: (port, jars) => [
    `-Dnode-address.port=${port}`,
    '-Dnode-address.host=127.0.0.1',
    `-Drest-sqs.bind-port=${port}`,
    '-Drest-sqs.bind-hostname=127.0.0.1',
    '-Drest-stats.enabled=false',
    '-cp',
    jars,
    'org.elasticmq.server.Main',
  ],
}

/** @throws Error that says what to install, when there is no Java or an old one. */
export async function requireJava(logFile: string): Promise<void> {
  await runChild({
    name: 'java',
    command: 'java',
    args: ['-version'],
    env: plainEnvironment(),
    logFile,
  }).catch((cause: unknown) => {
    throw new Error(NO_JAVA, { cause })
  })
  const major = Number(/version "(\d+)/.exec(readFileSync(logFile, 'utf8'))?.[1])
  if (!(major >= MINIMUM_JAVA)) throw new Error(NO_JAVA)
}

const NO_JAVA = `The contracts of ledger and queues run against engines that need Java ${MINIMUM_JAVA} or newer, and there is none here. They were not run. Install it, then run npm run e2e again.`

/** Downloads what is not there yet. @returns the folder of the jars. */
export async function installEngine(engine: Engine, cache: string): Promise<string> {
  const folder = join(cache, 'maven')
  const limit = pLimit(PARALLEL_DOWNLOADS)
  await Promise.all(pinsOf(engine).map((pin) => limit(() => obtain(pin, folder))))
  return folder
}

export async function startEngine(
  engine: Engine,
  folder: string,
  runFolder: string,
): Promise<{ endpoint: string; child: RunningChild }> {
  const port = await freePort()
  const files = pinsOf(engine).map(({ path }) => join(folder, path))
  const native = files.find((file) => file.endsWith(process.platform === 'darwin' ? '.dylib' : '.so'))
  const logFile = join(runFolder, `${engine.pins.replace('.sha256', '')}.log`)
  const child = startChild({
    name: engine.name,
    command: 'java',
    args: engine.arguments(
      port,
      files.filter((file) => file.endsWith('.jar')).join(delimiter),
      native ? dirname(native) : folder,
    ),
    env: plainEnvironment(),
    cwd: runFolder,
    logFile,
  })
  const endpoint = `http://127.0.0.1:${port}`
  const deadline = performance.now() + READY_WITHIN_MS
  for (;;) {
    // Any answer will do: it refuses what carries no signature.
    if (await fetch(endpoint).catch(() => undefined)) return { endpoint, child }
    if (child.exitCode() !== undefined || performance.now() > deadline)
      throw new Error(`${engine.name} did not start. The end of its log:\n${lastLines(logFile)}`)
    await sleep(250)
  }
}

interface Pin {
  sha256: string
  /** As in Maven's repository layout. */
  path: string
}

const pinsOf = ({ pins }: Engine): Pin[] =>
  readFileSync(join(ROOT, 'test/e2e/pins', pins), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [sha256 = '', path = ''] = line.split(/\s+/)
      return { sha256, path }
    })

async function obtain({ sha256, path }: Pin, folder: string): Promise<void> {
  const file = join(folder, path)
  if (existsSync(file) && digest(readFileSync(file)) === sha256) return
  const bytes = await download(`${MAVEN}/${path}`)
  const found = digest(bytes)
  if (found !== sha256)
    throw new Error(
      `${MAVEN}/${path} is not what was pinned: sha256 ${found}, not ${sha256}. It was not used.`,
    )
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.part`, bytes)
  renameSync(`${file}.part`, file)
}

async function download(url: string): Promise<Buffer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(60_000) })
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
      return Buffer.from(await answer.arrayBuffer())
    } catch (cause) {
      if (attempt >= DOWNLOAD_TRIES)
        throw new Error(`${url} could not be had. The contracts that need it were not run.`, { cause })
      await sleep(1_000 * attempt)
    }
  }
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
