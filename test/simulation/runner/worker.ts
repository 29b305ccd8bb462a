// A worker process: plays the histories it is given, one after the other. A history replaces fetch and timers of its
// whole process, which is why none is ever played in the process that counts and prints.
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import type { Assignment, Played, PlayHistory, WorkerMessage } from './play.ts'

// Ctrl-C reaches the whole process group; the parent decides when a worker ends.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => process.exit())

const tell = (message: WorkerMessage) => process.send?.(message)
const [, , modulePath = ''] = process.argv
const { playHistory } = (await import(pathToFileURL(modulePath).href)) as { playHistory: PlayHistory }

async function play({ options, trace }: Assignment): Promise<Played> {
  const { seed } = options
  try {
    const result = await playHistory(options)
    return { seed, result: trace ? result : { ...result, trace: [] } }
  } catch (error) {
    return { seed, broken: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on('message', (assignment: Assignment) => {
  void play(assignment).then((played) => tell({ played, memoryBytes: process.memoryUsage.rss() }))
})
tell({ ready: true })
