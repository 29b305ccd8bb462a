// `npm run e2e`: deploys the hub's own stacks to an emulator of AWS on this machine, sends signed events through the deployed
// HTTP API, kills and replaces the functions in mid-stream, and looks at what stands everywhere. Then the suites of the ledger
// and the queues run against other engines than the ones we made. Exits 0 only when all of it was done and found right.
// `npm run e2e -- deployed` and `-- contracts` run one of the two.
import process from 'node:process'
import { parseArgs } from 'node:util'
import { runContracts } from './contracts.ts'
import { CACHE, deployHub, playStory } from './deployed.ts'
import { Steps } from './steps.ts'

/** About 18 events each. */
const CUSTOMERS = 118
const AT_LEAST_EVENTS = 2_000

const steps = new Steps()
const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  deployed: async () => {
    const hub = await deployHub(steps)
    const events = await playStory(steps, hub, CUSTOMERS)
    await hub.emulator.child.stop()
    if (events < AT_LEAST_EVENTS)
      throw new Error(`Only ${events} events came through; ${AT_LEAST_EVENTS} are to show that it holds.`)
  },
  contracts: () => runContracts(steps, CACHE),
}

try {
  const { positionals } = parseArgs({ allowPositionals: true })
  const unknown = positionals.find((name) => !(name in PARTS))
  if (unknown) throw new Error(`There is no part "${unknown}". Parts: ${Object.keys(PARTS).join(', ')}.`)
  for (const [name, run] of Object.entries(PARTS))
    if (positionals.length === 0 || positionals.includes(name)) await run()
  const lines = steps.taken.map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`)
  const total = steps.taken.reduce((sum, { seconds }) => sum + seconds, 0)
  process.stdout.write(`${lines.join('\n')}\n${total.toFixed(1).padStart(7)} s  in all\n`)
} catch (error) {
  process.stderr.write(`\nEnd to end FAILED: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
// Whatever still runs ends with this process.
process.exit()
