// `npm run simulate`: random histories of Stripe under random faults, and whether all systems are in step at the end.
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { run } from './run.ts'

/** npm hands on the Ctrl-C that the terminal has already sent to everybody: both are one. */
const ONCE_MS = 1_000

process.exitCode = await run(process.argv, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  errIsTerminal: process.stderr.isTTY === true,
  folder: process.cwd(),
  history: fileURLToPath(new URL('../history.ts', import.meta.url)),
  onInterrupt(stop) {
    let firstMs: number | undefined
    const interrupt = () => {
      const nowMs = performance.now()
      if (firstMs !== undefined && nowMs - firstMs > ONCE_MS) process.exit(130)
      firstMs ??= nowMs
      stop()
    }
    process.on('SIGINT', interrupt)
    return () => {
      if (firstMs === undefined) process.off('SIGINT', interrupt)
    }
  },
})
