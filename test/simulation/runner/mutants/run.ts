// `npm run simulate:mutants` from its arguments to its exit code: 0 every mutant was caught, 1 one was not, 2 a mistake
// in the arguments.
import Table from 'cli-table3'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import type { Mutant } from './mutant.ts'
import { Tree } from './tree.ts'
import { type Trial, Trials } from './trial.ts'

export interface MutantSurroundings {
  out(text: string): void
  err(text: string): void
  /** The repository: read, never written. */
  root: string
  mutants: readonly Mutant[]
  /** Ends what is running; copies are removed all the same. */
  signal: AbortSignal
}

const AT_ONCE = 2

export async function runMutants(argv: readonly string[], around: MutantSurroundings): Promise<0 | 1 | 2> {
  const { out, err, root, signal } = around
  const options = readArguments(argv, around)
  if (typeof options === 'number') return options
  const wanted = around.mutants.filter(
    ({ name }) => options.only === undefined || options.only.includes(name),
  )
  const left = [...wanted]
  const attempts = new Trials({ seeds: options.seeds, signal })
  const trials: Trial[] = []
  const startedMs = performance.now()
  const work = async () => {
    const tree = new Tree(root)
    try {
      for (let mutant = left.shift(); mutant && !signal.aborted; mutant = left.shift()) {
        const trial = await attempts.tryMutant(mutant, tree)
        trials.push(trial)
        err(`${trials.length} of ${wanted.length}  ${trialText(trial)}\n`)
      }
    } finally {
      tree.remove()
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, wanted.length) }, work))
  } catch (error) {
    err(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
  const order = new Map(wanted.map(({ name }, index) => [name, index]))
  trials.sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0))
  const seconds = Math.round((performance.now() - startedMs) / 1_000)
  out(`${options.json ? toJson(trials, seconds) : toText(trials, seconds)}\n`)
  return trials.length === wanted.length && trials.every(({ outcome }) => outcome === 'caught') ? 0 : 1
}

function readArguments(
  argv: readonly string[],
  { out, err, mutants }: MutantSurroundings,
): { only?: string[]; seeds: number; json: boolean } | 0 | 2 {
  const names = mutants.map(({ name }) => name)
  const program = new Command('npm run simulate:mutants --')
    .description(
      'Breaks the hub on purpose, one mistake at a time and in a copy of the repository, and plays histories until one fails. A mutant that none notices is a gap of the simulation.',
    )
    .option('--only <names>', 'only these mutants, separated by commas', (text: string) =>
      text.split(',').map((part) => {
        const name = part.trim()
        if (names.includes(name)) return name
        throw new InvalidArgumentError(`There is no mutant "${name}". Mutants: ${names.join(', ')}.`)
      }),
    )
    .option('--seeds <number>', 'histories at most, for each', atLeastOne, 600)
    .option('--json', 'print one JSON document instead of a table', false)
    .addHelpText('after', `\nMutants: ${names.join(', ')}.`)
    .configureOutput({ writeOut: out, writeErr: err })
    .showHelpAfterError('(npm run simulate:mutants -- --help lists the options)')
    .exitOverride()
    .allowExcessArguments(false)
  try {
    program.parse([...argv])
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
  return program.opts<{ only?: string[]; seeds: number; json: boolean }>()
}

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 on.')
  return Number(text)
}

function trialText({ name, outcome, seed, histories, violated, why, seconds }: Trial): string {
  switch (outcome) {
    case 'caught':
      return `caught    ${name}: seed ${seed}, ${violated}, ${seconds} s`
    case 'survived':
      return `SURVIVED  ${name}: ${histories} histories in step, ${seconds} s`
    default:
      return `UNFIT     ${name}: ${why}`
  }
}

function toJson(trials: readonly Trial[], seconds: number): string {
  const named = (outcome: Trial['outcome']) =>
    trials.filter((trial) => trial.outcome === outcome).map(({ name }) => name)
  return JSON.stringify({ mutants: trials, survived: named('survived'), unfit: named('unfit'), seconds })
}

function toText(trials: readonly Trial[], seconds: number): string {
  const table = new Table({
    head: ['mutant', 'caught by', 'after', 'promise broken', 'seconds'],
    colAligns: ['left', 'right', 'right', 'left', 'right'],
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: [] },
  })
  for (const { name, outcome, seed, histories, violated, seconds: own } of trials) {
    const caughtBy = { caught: `seed ${seed}`, survived: 'NONE', unfit: 'UNFIT' }[outcome]
    table.push([name, caughtBy, histories, violated ?? '', own])
  }
  const lines = [table.toString()]
  for (const { name, outcome, promise, why } of trials) {
    if (outcome === 'survived')
      lines.push(`${name} survived. No history showed that this is broken: ${promise}`)
    if (outcome === 'unfit') lines.push(`${name} could not be tried: ${why}`)
  }
  const passedOver = [...new Set(trials.flatMap((trial) => trial.passedOver))].sort((a, b) => a - b)
  if (passedOver.length > 0)
    lines.push(`Passed over, since they fail in the whole hub too: seeds ${passedOver.join(', ')}.`)
  const caught = trials.filter(({ outcome }) => outcome === 'caught').length
  lines.push(`${caught} of ${trials.length} mutants caught in ${seconds} s.`)
  return lines.join('\n')
}
