#!/usr/bin/env node
// The `hub` command's first step, in plain JavaScript so that an older Node can at least say what it lacks. Everything
// else is TypeScript, which Node runs as it is from 22.18 on.
import process from 'node:process'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Switchyard needs Node 22.18 or newer to run its TypeScript; this is ${process.version}. On Linux and Windows "npm run …" and "npx hub …" bring their own Node 24 after npm ci; on a Mac, install a newer Node.`,
  )
  process.exit(1)
}
const { run } = await import('./commands.ts')
process.exitCode = await run(process.argv)
