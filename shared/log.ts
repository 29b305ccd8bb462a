// One wide line per event at the edge and per attempt in a connector; nothing else is logged. Lines hold ids, kinds
// and durations: no payload, no secret, no name or address.
import type { Json } from './connector/contract.ts'

export type LogLine = { [key: string]: Json | undefined }
export type Log = (line: LogLine) => void

/** For Lambda: CloudWatch Logs reads a JSON line as fields. */
export const logToStdout: Log = (line) => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
