// `hub demo`.
import process from 'node:process'
import { playDemo } from '../local/demo/demo.ts'
import { toJson, toText } from '../local/demo/report.ts'
import type { LocalHub } from '../local/hub/hub.ts'

export async function demo(options: {
  json: boolean
  seed: number
  customers: number
  folder: string
}): Promise<number> {
  const { json, ...rest } = options
  const onReady = (hub: LocalHub, seconds: number) => {
    if (!json) process.stdout.write(`${greeting(hub, options.seed, seconds)}\nA billing month\n`)
  }
  const { hub, outcome, tally, seconds } = await playDemo({ ...rest, onReady })
  await hub.close()
  const inStep =
    outcome.breaks.length === 0 && outcome.parked.length === 0 && outcome.deliveries.rejected === 0
  if (json) {
    process.stdout.write(`${JSON.stringify(toJson(outcome), undefined, 2)}\n`)
    return inStep ? 0 : 1
  }
  const [example] = [...outcome.stripe.invoices.values()].flatMap(({ number }) => number ?? [])
  process.stdout.write(
    `${toText(outcome, tally, process.stdout.isTTY === true)}  (${seconds.toFixed(0)} s)\n`,
  )
  process.stdout.write(
    [
      '',
      `The lake is in ${hub.lakeFolder}. Try:`,
      `  npx hub sql "select currency, status, count(*), sum(total) from invoices group by 1, 2 order by 1, 2"`,
      `  npx hub trace ${example ?? 'in_…'}`,
      '  npm start   keeps the hub up',
      '',
    ].join('\n'),
  )
  return inStep ? 0 : 1
}

export function greeting(hub: LocalHub, seed: number, seconds: number): string {
  return [
    'Switchyard local hub        no account, no Docker, no keys',
    `  Stripe, Salesforce, NetSuite, Avalara: simulated (seed ${seed})`,
    `  Webhooks  ${hub.frontDoor.url}/stripe/webhook        ready in ${seconds.toFixed(1)} s`,
    '',
  ].join('\n')
}
