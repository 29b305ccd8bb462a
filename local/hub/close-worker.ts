// The thread that a close runs in: a large month is judged for seconds at a stretch, and webhooks are not to wait for it.
// It tells of each question, and last the document, or why there is none.
import { parentPort, workerData } from 'node:worker_threads'
import { closeDocument } from '../../shared/close/document.ts'
import { closeLocalMonth } from './close-month.ts'
import type { CloseTold, CloseWork } from './close-thread.ts'

const { startMs, ...work } = workerData as CloseWork
const startedMs = Date.now()
const tell = (told: CloseTold) => parentPort?.postMessage(told)

try {
  const report = await closeLocalMonth({
    ...work,
    // The hub's clock may stand in a played month: from there on this one runs.
    clock: { now: () => startMs + Date.now() - startedMs },
    progress: (asked) => tell({ asked }),
  })
  tell({ document: closeDocument(report) })
} catch (error) {
  if (!(error instanceof RangeError)) throw error
  tell({ refused: error.message })
}
