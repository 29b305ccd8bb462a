// `npm run simulate:mutants`: whether the simulation would notice if the hub were broken.
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { runMutants } from './mutants/run.ts'
import { MUTANTS } from './mutants/table.ts'

const interrupt = new AbortController()
// Kept: npm hands on the Ctrl-C that the terminal has already sent, and the copies are still to be removed.
process.on('SIGINT', () => interrupt.abort())
process.exitCode = await runMutants(process.argv, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  mutants: MUTANTS,
  signal: interrupt.signal,
})
