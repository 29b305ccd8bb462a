// The local hub's log: what CloudWatch Logs would hold, one JSON line after another in the hub's folder.
import { mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../shared/log.ts'

export function createLogFile(folder: string): Log {
  mkdirSync(folder, { recursive: true })
  const file = openSync(join(folder, 'log.ndjson'), 'a')
  return (line) => void writeSync(file, `${JSON.stringify(line)}\n`)
}
