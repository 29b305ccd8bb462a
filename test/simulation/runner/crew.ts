// Worker processes that play histories. A worker that dies or does not answer costs the one seed it was playing and is
// replaced; one whose memory grows is replaced between two histories. What a result means is somebody else's business.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Assignment, Played, WorkerMessage } from './play.ts'

export interface CrewOptions {
  workers: number
  /** Path of the module that exports `playHistory`. */
  history: string
  /** Real milliseconds without an answer after which a worker counts as hanging. */
  patienceMs?: number
}

const PATIENCE_MS = 300_000
const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))
/** Of what a worker wrote before it died. */
const LAST_WORDS = 2_000

interface Job {
  assignment: Assignment
  resolve(played: Played): void
  reject(error: Error): void
}

export class Crew {
  private readonly options: CrewOptions
  private readonly waiting: Job[] = []
  private readonly workers: Worker[]

  constructor(options: CrewOptions) {
    this.options = options
    this.workers = Array.from({ length: options.workers }, () => new Worker(options))
  }

  /** @throws when no worker can even be started: then nothing is known about any seed. */
  play(assignment: Assignment): Promise<Played> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ assignment, resolve, reject })
      this.handOut()
    })
  }

  /** Ends all workers at once; what they were playing is never answered. */
  close(): void {
    this.waiting.length = 0
    for (const worker of this.workers) worker.end()
  }

  get size(): number {
    return this.options.workers
  }

  private handOut(): void {
    for (const worker of this.workers) {
      if (worker.busy) continue
      const job = this.waiting.shift()
      if (!job) return
      worker
        .play(job.assignment)
        .then(job.resolve, job.reject)
        .finally(() => this.handOut())
    }
  }
}

class Worker {
  busy = false
  private readonly options: CrewOptions
  private child: ChildProcess | undefined
  private started = false
  private lastWords = ''
  private readonly memory = new MemoryWatch()
  private answer: ((answer: WorkerMessage | { ended: string }) => void) | undefined
  private patience: NodeJS.Timeout | undefined

  constructor(options: CrewOptions) {
    this.options = options
  }

  async play(assignment: Assignment): Promise<Played> {
    this.busy = true
    const { seed } = assignment.options
    try {
      const child = await this.start()
      const answered = this.nextAnswer()
      child.send(assignment)
      const answer = await answered
      if ('ended' in answer) return { seed, broken: answer.ended }
      if (!('played' in answer)) throw new Error('A worker answered a history with something else.')
      if (this.memory.isGrown(answer.memoryBytes)) this.end()
      return answer.played
    } finally {
      this.busy = false
    }
  }

  end(): void {
    const { child } = this
    this.child = undefined
    clearTimeout(this.patience)
    child?.removeAllListeners()
    child?.kill('SIGKILL')
  }

  private async start(): Promise<ChildProcess> {
    if (this.child) return this.child
    const child = fork(WORKER, [this.options.history], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.child = child
    this.lastWords = ''
    this.memory.startAnew()
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8')
      stream?.on('data', (text: string) => {
        this.lastWords = `${this.lastWords}${text}`.slice(-LAST_WORDS)
      })
    }
    child.on('message', (message: WorkerMessage) => this.answer?.(message))
    // 'close' comes after 'exit', when the streams have said all they had.
    child.on('close', (code, signal) => {
      if (this.child === child) this.child = undefined
      this.answer?.({
        ended: `its process ended with ${signal ?? `exit code ${code}`}. ${this.lastWords}`.trim(),
      })
    })
    const answer = await this.nextAnswer()
    if ('ready' in answer) {
      this.started = true
      return child
    }
    this.end()
    const why = 'ended' in answer ? answer.ended : 'it did not say so'
    throw new Error(`A worker ${this.started ? 'could not be started again' : 'does not start'}: ${why}`)
  }

  private nextAnswer(): Promise<WorkerMessage | { ended: string }> {
    const patienceMs = this.options.patienceMs ?? PATIENCE_MS
    return new Promise((resolve) => {
      this.patience = setTimeout(() => {
        this.end()
        settle({ ended: `no result for ${patienceMs / 1_000} s; its worker was ended.` })
      }, patienceMs)
      const settle = (answer: WorkerMessage | { ended: string }) => {
        clearTimeout(this.patience)
        this.answer = undefined
        resolve(answer)
      }
      this.answer = settle
    })
  }
}

/** Compares with what a warm worker needed, since what the SDKs load at first stays for good. */
export class MemoryWatch {
  private static readonly WARM_AFTER = 50
  private static readonly CHECK_EVERY = 500
  /** Two such workers leave room on a machine of 4 GB. */
  private static readonly MOST_BYTES = 1_000_000_000
  private histories = 0
  private warmBytes = 0

  startAnew(): void {
    this.histories = 0
  }

  isGrown(memoryBytes: number): boolean {
    this.histories += 1
    if (this.histories === MemoryWatch.WARM_AFTER) this.warmBytes = memoryBytes
    if (memoryBytes > MemoryWatch.MOST_BYTES) return true
    return this.histories % MemoryWatch.CHECK_EVERY === 0 && memoryBytes > this.warmBytes * 1.5
  }
}
