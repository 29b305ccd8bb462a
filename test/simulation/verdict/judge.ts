// The verdict over a history that has come to rest: every promise that was not kept, as a finding. Each promise is judged
// by itself, so that a check that cannot be made is a finding and takes no other along.
import { isHubError } from '../../../shared/errors.ts'
import type { Finding } from '../result.ts'
import { checkCollection } from './collection.ts'
import { checkDeleted } from './deleted.ts'
import { FinalStripe } from './final-stripe.ts'
import { checkInStep } from './in-step.ts'
import { checkLakeEvents, checkLakeStates } from './lake.ts'
import { readLakeFiles } from './lake-files.ts'
import { LedgerRows } from './ledger-rows.ts'
import { checkAtRest, checkEvents, checkPrivacy, checkShape } from './ledger-state.ts'
import { checkParked } from './parked.ts'
import { projectAll } from './projections.ts'
import { checkLimits, checkQuiet } from './quiet.ts'
import { checkOnce, checkStrangers } from './strangers.ts'
import { checkToTheCent } from './to-the-cent.ts'
import { vendorRecords } from './vendor-records.ts'
import type { JudgedWorld } from './world.ts'

export type { JudgedWorld } from './world.ts'

/** @returns [] when every promise was kept. */
export async function judge(world: JudgedWorld): Promise<Finding[]> {
  const { simulators } = world
  const rows = new LedgerRows(world.ledgerItems())
  const final = new FinalStripe(simulators.stripe, world.stripe, world.reader)
  const findings: Finding[] = []
  const check = async (promise: string, system: string, made: () => Finding[] | Promise<Finding[]>) => {
    try {
      findings.push(...(await made()))
    } catch (error) {
      findings.push(notJudged(promise, system, error))
    }
  }
  await check('quiet', 'hub', () => checkQuiet(world))
  await check('limits', 'hub', () => checkLimits(world))
  await check('ledger', 'hub', () => [
    ...checkEvents(world, rows),
    ...checkAtRest(rows, world.died),
    ...checkShape(rows),
    ...checkPrivacy(rows, final.events),
  ])
  await check('parked', 'hub', () => checkParked(world, rows))
  await check('deleted', 'hub', () => checkDeleted(world, final, rows))
  const records = vendorRecords(simulators)
  await check('once', 'hub', () => checkOnce(records))
  await check('in step', 'hub', async () => {
    for (const lane of await projectAll(world, final, rows)) {
      await check('in step', lane.manifest.name, () => checkInStep(lane))
      await check('in step', lane.manifest.name, () => checkStrangers(lane, rows, records))
    }
    return []
  })
  await check('to the cent', 'hub', () => checkToTheCent(world, rows))
  await check('collection', 'stripe', () => checkCollection(simulators.stripe))
  await check('lake', 'lake', async () => {
    const lake = await readLakeFiles(world.lakeObjects)
    return [
      ...checkLakeEvents(world.acknowledged, final.events, lake),
      ...checkLakeStates(simulators.stripe, lake),
    ]
  })
  return findings
}

const notJudged = (promise: string, system: string, error: unknown): Finding => ({
  promise,
  system,
  object: 'the verdict itself',
  expected: 'a check that can be made',
  actual: isHubError(error)
    ? `${error.message} [${error.code}] ${error.detail ?? ''}`
    : error instanceof Error
      ? (error.stack ?? error.message).slice(0, 600)
      : String(error),
})
