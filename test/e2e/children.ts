// Processes that this run starts: each leads a group of its own, so that whatever it starts ends with it. They end with the
// run however it ends: done, failed, or Ctrl-C.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import process from 'node:process'

export interface ChildOptions {
  /** For people. */
  name: string
  command: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  cwd?: string
  /** What it prints goes here. */
  logFile: string
}

export interface RunningChild {
  pid: number
  name: string
  /** Undefined while it runs. */
  exitCode(): number | undefined
  /** Its end, and the end of all it started. */
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** How long a process may take to say goodbye. */
const GRACE_MS = 5_000

process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL')
})
for (const signal of SIGNALS) {
  // The groups do not hear the terminal's Ctrl-C: they are ended by the exit above.
  process.on(signal, () => process.exit(128 + constants.signals[signal]))
}

export function startChild({ name, command, args, env, cwd, logFile }: ChildOptions): RunningChild {
  const log = openSync(logFile, 'a')
  const child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  running.add(child)
  let code: number | undefined
  const ended = new Promise<void>((resolve) => {
    const end = (exit: number) => {
      code = exit
      running.delete(child)
      resolve()
    }
    child.once('exit', (exit) => end(exit ?? 1))
    child.once('error', () => end(127))
  })
  return {
    pid: child.pid ?? 0,
    name,
    exitCode: () => code,
    async stop() {
      if (code !== undefined) return
      signalGroup(child, 'SIGTERM')
      const patience = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS)
      await ended
      clearTimeout(patience)
      // Whatever it started and left behind.
      signalGroup(child, 'SIGKILL')
    },
  }
}

/**
 * Runs a command to its end, what it prints in a file.
 * @throws Error with the last lines that it printed, when it fails.
 */
export async function runChild(options: ChildOptions): Promise<void> {
  const child = startChild(options)
  while (child.exitCode() === undefined) await new Promise((resolve) => setTimeout(resolve, 100))
  if (child.exitCode() === 0) return
  throw new Error(
    `${options.name} failed (exit code ${child.exitCode()}). The end of ${options.logFile}:\n${lastLines(options.logFile)}`,
  )
}

export const lastLines = (file: string, count = 15): string =>
  readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n')

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Nobody of it is left.
  }
}
