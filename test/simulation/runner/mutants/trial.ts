// Whether the simulation notices a mutant: plays histories in a broken copy until one fails, and then that very seed in
// the mended one. A seed that fails there too says nothing about the mutant, and is passed over.
import { spawn } from 'node:child_process'
import process from 'node:process'
import * as z from 'zod'
import type { Mutant } from './mutant.ts'
import type { Tree } from './tree.ts'

export interface Trial {
  name: string
  promise: string
  /** 'unfit': it could not be tried, for `why`. */
  outcome: 'caught' | 'survived' | 'unfit'
  seed?: number
  /** Played until it was caught, or in all. */
  histories: number
  /** Seeds that fail without the mutant too. */
  passedOver: number[]
  /** 'in step (netsuite)', or how the history ended. */
  violated?: string
  why?: string
  seconds: number
}

const answerSchema = z.object({
  histories: z.number(),
  failed: z.array(z.number()),
  failures: z.array(
    z.object({
      seed: z.number(),
      promise: z.string().optional(),
      system: z.string().optional(),
      broken: z.string().optional(),
    }),
  ),
})

/** More than that, and the hub itself is what is broken. */
const MOST_PASSED_OVER = 20

export class Trials {
  private readonly seeds: number
  private readonly signal: AbortSignal
  /** Whether a seed under some faults fails in the whole hub; it is the same for every mutant. */
  private readonly failsAnyway = new Map<string, boolean>()

  constructor(options: { seeds: number; signal: AbortSignal }) {
    this.seeds = options.seeds
    this.signal = options.signal
  }

  async tryMutant(mutant: Mutant, tree: Tree): Promise<Trial> {
    const startedMs = performance.now()
    const passedOver: number[] = []
    const faults = (mutant.faults ?? []).join(',')
    let histories = 0
    const trial = (rest: Pick<Trial, 'outcome' | 'seed' | 'violated' | 'why'>): Trial => ({
      name: mutant.name,
      promise: mutant.promise,
      histories,
      passedOver,
      ...rest,
      seconds: Math.round((performance.now() - startedMs) / 100) / 10,
    })
    try {
      for (let from = 1; from <= this.seeds; ) {
        tree.break(mutant)
        const broken = await simulate(tree, { from, seeds: this.seeds - from + 1, faults }, this.signal)
        tree.mend()
        histories += broken.histories
        const [failure] = broken.failures
        if (!failure) break
        if (!(await this.fails(failure.seed, faults, tree))) {
          const { seed, promise, system } = failure
          const violated = promise ? `${promise} (${system})` : firstLine(failure.broken ?? '')
          return trial({ outcome: 'caught', seed, violated })
        }
        passedOver.push(failure.seed)
        if (passedOver.length > MOST_PASSED_OVER) {
          const why = `too many seeds fail without it too: ${passedOver.join(', ')}. Mend the hub first.`
          return trial({ outcome: 'unfit', why })
        }
        from = failure.seed + 1
      }
      return trial({ outcome: 'survived' })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return trial({ outcome: 'unfit', why })
    } finally {
      tree.mend()
    }
  }

  private async fails(seed: number, faults: string, mended: Tree): Promise<boolean> {
    const key = `${seed} ${faults}`
    const known = this.failsAnyway.get(key)
    if (known !== undefined) return known
    const { failed } = await simulate(mended, { from: seed, seeds: 1, faults }, this.signal)
    this.failsAnyway.set(key, failed.length > 0)
    return failed.length > 0
  }
}

/** One worker: which seed catches a mutant is then the same every time. */
function simulate(
  tree: Tree,
  { from, seeds, faults }: { from: number; seeds: number; faults: string },
  signal: AbortSignal,
): Promise<z.infer<typeof answerSchema>> {
  const range = ['--from', String(from), '--seeds', String(seeds), ...(faults ? ['--faults', faults] : [])]
  const until = ['--max-failures', '1', '--details', '0', '--workers', '1', '--json']
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['test/simulation/runner/simulate.ts', ...range, ...until], {
      cwd: tree.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = `${err}${text}`.slice(-2_000)
    })
    child.on('error', reject)
    child.on('close', () => {
      try {
        resolve(answerSchema.parse(JSON.parse(out)))
      } catch (cause) {
        reject(new Error(`The simulation did not run: ${err.trim() || out.slice(0, 500)}`, { cause }))
      }
    })
  })
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
