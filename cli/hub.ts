#!/usr/bin/env node
// The `hub` command. Reads what was asked for and hands it on; each job has a file of its own.
import process from 'node:process'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Switchyard needs Node 22.18 or newer to run its TypeScript; this is ${process.version}. Run it with "npm run …" (which brings its own Node 24 on Linux and Windows), or install a newer Node.`,
  )
  process.exit(1)
}
const { run } = await import('./commands.ts')
process.exitCode = await run(process.argv)
