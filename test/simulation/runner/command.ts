// The arguments of `npm run simulate`, read and checked. A mistake is answered with a sentence that helps.
import { availableParallelism } from 'node:os'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { FAULT_KINDS, type FaultKind, isFaultKind } from '../faults/kinds.ts'
import { parseNumberList } from './number-list.ts'

export interface Arguments {
  seeds?: number
  from?: number
  faults?: FaultKind[]
  workers: number
  seed?: number
  skip?: Set<number>
  skipActs?: Set<number>
  /** true: the usual file. */
  resume?: string | true
  json: boolean
  maxFailures: number
  details: number
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.')
  return Number(text)
}

function atLeastOne(text: string): number {
  const number = whole(text)
  if (number === 0) throw new InvalidArgumentError('Give a number from 1 on.')
  return number
}

function numbers(text: string): Set<number> {
  const list = parseNumberList(text)
  if (!list) throw new InvalidArgumentError('Give numbers such as 1-4,7.')
  return list
}

function faultKinds(text: string): FaultKind[] {
  return text.split(',').map((part) => {
    const name = part.trim()
    if (isFaultKind(name)) return name
    throw new InvalidArgumentError(`There is no fault "${name}". Faults: ${FAULT_KINDS.join(', ')}.`)
  })
}

/** @returns the exit code instead where there is nothing to run: 0 after --help, 2 after a mistake. */
export function readArguments(
  argv: readonly string[],
  write: { out(text: string): void; err(text: string): void },
): Arguments | 0 | 2 {
  const ofOne = ['seeds', 'from', 'resume', 'json', 'maxFailures', 'details', 'workers']
  const program = new Command('npm run simulate --')
    .description(
      'Plays random histories of Stripe under random faults through the real hub, and checks that all systems are in step at the end. A seed is a history, call for call.',
    )
    .option('--seeds <number>', 'how many histories (default: 1000)', atLeastOne)
    .option('--from <number>', 'the first seed (default: 1)', whole)
    .option('--faults <names>', 'only these faults, separated by commas', faultKinds)
    .option('--workers <number>', 'processes that play', atLeastOne, availableParallelism())
    .addOption(
      new Option('--seed <number>', 'one history, with its whole log').argParser(whole).conflicts(ofOne),
    )
    .option(
      '--skip <numbers>',
      'with --seed: without these faults (1-4,7), as a failing seed’s report names them',
      numbers,
    )
    .option('--skip-acts <numbers>', 'with --seed: without these acts of the story', numbers)
    .option('--resume [file]', 'go on where a run was stopped (default: .hub/simulation.json)')
    .option('--json', 'print one JSON document instead of a table', false)
    .option('--max-failures <number>', 'stop after so many failing seeds', atLeastOne, 10)
    .option('--details <number>', 'how many failing seeds are made small and explained', whole, 3)
    .addHelpText(
      'after',
      `\nExit codes: 0 all in step, 1 something failed, 2 a mistake in the arguments, 130 stopped by Ctrl-C.\n\nFaults: ${FAULT_KINDS.join(', ')}.`,
    )
    .showHelpAfterError('(npm run simulate -- --help lists the options)')
    .configureOutput({ writeOut: write.out, writeErr: write.err })
    .exitOverride()
    .allowExcessArguments(false)
  try {
    program.parse([...argv])
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
  const options = program.opts<Arguments>()
  if (options.seed === undefined && (options.skip || options.skipActs)) {
    write.err('--skip and --skip-acts belong to one history: name it with --seed.\n')
    return 2
  }
  return options
}
