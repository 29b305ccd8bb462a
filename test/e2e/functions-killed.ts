// Kills the deployed functions' processes as an out-of-memory or a lost host would: at once, wherever they are. Only
// processes that this run's own emulator started are looked at.
import { execFileSync } from 'node:child_process'
import process from 'node:process'
import type { RunningChild } from './children.ts'

/** How the emulator names what it starts for a Node function. */
const WORKER = /_worker\.m?js$/

/** @returns how many were killed. */
export function killFunctions(emulator: RunningChild): number {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,args='], { encoding: 'utf8' })
  let killed = 0
  for (const line of table.split('\n')) {
    const [, pid, group, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    if (Number(group) !== emulator.pid || !WORKER.test(args.trim())) continue
    try {
      process.kill(Number(pid), 'SIGKILL')
      killed += 1
    } catch {
      // It ended by itself in between.
    }
  }
  return killed
}
