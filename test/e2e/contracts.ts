// Runs the contract suites of the ledger and of the queues against DynamoDB Local and ElasticMQ: the same test files that
// `npm test` runs against our own engines. AWS's own engine must pass all of them. ElasticMQ is a work of others, and where it
// is known to differ from what AWS documents is listed here: exactly these may fail, and one that passes must leave the list.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { runChild } from './children.ts'
import { plainEnvironment, ROOT } from './emulated-account.ts'
import { DYNAMODB_LOCAL, ELASTICMQ, type Engine, installEngine, requireJava, startEngine } from './engines.ts'
import type { Steps } from './steps.ts'
import { judgeSuite, type SuiteOutcome } from './suite-outcome.ts'

interface Contract {
  engine: Engine
  files: readonly string[]
  /** Names the server to the suite: test/contract/ledger-under-test.ts, queue-under-test.ts. */
  variable: string
  /** Full name of a test → how the engine differs from AWS. */
  deviations: Readonly<Record<string, string>>
}

const LEDGER: Contract = {
  engine: DYNAMODB_LOCAL,
  files: ['test/contract/ledger.test.ts', 'test/contract/ledger-rows.test.ts'],
  variable: 'DYNAMODB_CONTRACT_ENDPOINT',
  deviations: {},
}

const QUEUES: Contract = {
  engine: ELASTICMQ,
  files: ['test/contract/queue.test.ts', 'test/contract/queue-message.test.ts'],
  variable: 'SQS_CONTRACT_ENDPOINT',
  deviations: {
    'a batch holds 1 to 10 entries with distinct ids': 'takes a batch of none',
    'a batch carries 1 MiB in all and not a byte more': 'refuses a batch that is too long under another code',
    'a queue starts with the documented attributes': 'does not tell the retention',
    'a queue refuses attributes that do not exist and values out of range': 'takes any visibility timeout',
    'a queue refuses to give more than 10 messages or to wait longer than 20 seconds':
      'refuses under another code',
    'a dead-letter queue must exist, and its policy must be whole': 'refuses in other words',
    'a message gives only the attributes that are asked for, by name, by prefix, or under the older parameter':
      'does not know prefixes (trace.*)',
    'a message is gone once deleted, and may be deleted twice': 'refuses the second time',
    'a message over the size of its queue is refused, one of exactly that size is not':
      'keeps to no size that a queue is given',
    'a message with a character outside XML 1.0 is refused': 'refuses under another code',
    'visibility cannot be changed of a message that is not in flight, nor beyond 12 hours':
      'changes that of a message that is not in flight',
  },
}

/** Java's start, and real seconds of visibility that the suite waits for. */
const TEST_TIMEOUT_MS = 180_000

export async function runContracts(steps: Steps, cache: string): Promise<void> {
  const runFolder = join(cache, 'contracts')
  rmSync(runFolder, { recursive: true, force: true })
  mkdirSync(runFolder, { recursive: true })
  await requireJava(join(runFolder, 'java.log'))
  for (const contract of [LEDGER, QUEUES]) {
    const { engine } = contract
    const jars = await steps.take(`get ${engine.name}`, () => installEngine(engine, cache))
    await steps.take(
      `the contract of ${contract === LEDGER ? 'the ledger' : 'the queues'} against ${engine.name}`,
      async () => {
        const { endpoint, child } = await startEngine(engine, jars, runFolder)
        const outcome = await runSuite(contract, endpoint, runFolder)
        await child.stop()
        const faults = judgeSuite(outcome, contract.deviations)
        if (faults.length > 0)
          throw new Error(`${engine.name}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
        const failed = outcome.filter(({ status }) => status === 'failed').length
        const passed = outcome.filter(({ status }) => status === 'passed').length
        steps.say(
          `${passed} passed; ${failed} known to differ; ${outcome.length - passed - failed} need a clock of ours`,
        )
      },
    )
  }
}

const report = z.object({
  testResults: z.array(
    z.object({
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
})

async function runSuite(
  { files, variable }: Contract,
  endpoint: string,
  runFolder: string,
): Promise<SuiteOutcome> {
  const outputFile = join(runFolder, `${variable}.json`)
  await runChild({
    name: 'vitest',
    command: 'vitest',
    args: ['run', ...files, '--reporter=json', `--outputFile=${outputFile}`, '--maxWorkers=1'].concat(
      `--testTimeout=${TEST_TIMEOUT_MS}`,
    ),
    cwd: ROOT,
    env: { ...plainEnvironment(), [variable]: endpoint },
    logFile: join(runFolder, `${variable}.log`),
    // A failed test ends vitest with 1: what failed is judged from its report.
  }).catch(() => undefined)
  const { testResults } = report.parse(JSON.parse(readFileSync(outputFile, 'utf8')))
  const outcome = testResults.flatMap(({ assertionResults }) => assertionResults)
  if (testResults.length !== files.length || outcome.length === 0)
    throw new Error(`The suite was not run whole: ${testResults.map(({ message }) => message).join(' ')}`)
  return outcome
}
