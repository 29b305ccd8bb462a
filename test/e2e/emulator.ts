// MiniStack, which stands in for AWS: installed into the run's own folder from PyPI, each package at a pinned version with
// its checksum, and started on a free port. It enforces the roles and policies of the template, and speaks TLS, without which
// the template's own policies refuse every call. https://pypi.org/project/ministack/
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { lastLines, type RunningChild, runChild, startChild } from './children.ts'
import { plainEnvironment, REGION, ROOT } from './emulated-account.ts'
import { freePort } from './free-port.ts'

const PINS = join(ROOT, 'test/e2e/pins/ministack.txt')
const MINIMUM_PYTHON = [3, 11] as const
const READY_WITHIN_MS = 120_000

export interface Emulator {
  endpoint: string
  /** Its own, made for this run. */
  certificateFile: string
  child: RunningChild
  logFile: string
}

/** @returns the folder of its packages; at once where an earlier run installed the same. */
export async function installEmulator(cache: string, logFile: string): Promise<string> {
  const pins = readFileSync(PINS, 'utf8')
  const folder = join(cache, 'ministack')
  const proof = join(folder, 'pins.txt')
  if (existsSync(proof) && readFileSync(proof, 'utf8') === pins) return folder
  const python = { command: 'python3', env: plainEnvironment(), logFile }
  const check = `import sys, pip; sys.exit(sys.version_info < (${MINIMUM_PYTHON.join(', ')}))`
  await requireTool(
    'python3',
    ['-c', check],
    `python3 ${MINIMUM_PYTHON.join('.')} or newer with pip`,
    logFile,
  )
  await requireTool('openssl', ['version'], 'openssl, for its certificate', logFile)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await runChild({
    ...python,
    name: 'pip',
    args: ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'].concat([
      '--only-binary',
      ':all:',
      '--require-hashes',
      '--target',
      folder,
      '-r',
      PINS,
    ]),
  }).catch((cause: unknown) => {
    throw new Error(
      `MiniStack could not be installed from PyPI. Nothing was tested. ${cause instanceof Error ? cause.message : ''}`,
      { cause },
    )
  })
  writeFileSync(proof, pins)
  return folder
}

async function requireTool(command: string, args: string[], what: string, logFile: string): Promise<void> {
  await runChild({ name: command, command, args, env: plainEnvironment(), logFile }).catch(
    (cause: unknown) => {
      throw new Error(
        `The emulator needs ${what}. Nothing was tested. Install it, then run npm run e2e again.`,
        { cause },
      )
    },
  )
}

/** @returns once it answers. */
export async function startEmulator(packages: string, runFolder: string): Promise<Emulator> {
  const port = await freePort()
  const logFile = join(runFolder, 'ministack.log')
  const temporary = join(runFolder, 'functions')
  mkdirSync(temporary, { recursive: true })
  // It starts functions from a CommonJS file, which the hub's own package.json above would make a module.
  writeFileSync(join(temporary, 'package.json'), '{ "type": "commonjs" }')
  const child = startChild({
    name: 'MiniStack',
    command: 'python3',
    args: ['-m', 'ministack'],
    cwd: runFolder,
    env: {
      ...plainEnvironment(),
      PYTHONPATH: packages,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_REGION: REGION,
      LAMBDA_EXECUTOR: 'local',
      AUTH: 'true',
      USE_SSL: '1',
      // Services that nobody asks, on ports of their own.
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      // Where it unpacks the functions; deleted with the run's folder.
      TMPDIR: temporary,
    },
    logFile,
  })
  const endpoint = `https://127.0.0.1:${port}`
  const certificateFile = join(temporary, 'ministack-tls/server.crt')
  const deadline = performance.now() + READY_WITHIN_MS
  let trusted = false
  for (;;) {
    if (!trusted && existsSync(certificateFile)) trusted = trust(readFileSync(certificateFile, 'utf8'))
    const answer = trusted ? await fetch(`${endpoint}/_ministack/health`).catch(() => undefined) : undefined
    if (answer?.ok) return { endpoint, certificateFile, child, logFile }
    if (child.exitCode() !== undefined || performance.now() > deadline)
      throw new Error(`MiniStack did not start. The end of its log:\n${lastLines(logFile)}`)
    await sleep(200)
  }
}

/** By this process, from now on. */
function trust(certificate: string): boolean {
  if (!certificate.includes('END CERTIFICATE')) return false
  setDefaultCACertificates([...getCACertificates('default'), certificate])
  return true
}
