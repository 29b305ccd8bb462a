// Runs a close in a thread of its own and says what it hears from it.
import { Worker } from 'node:worker_threads'
import type { Asked, Progress } from '../../functions/close/evidence.ts'
import type { CloseDocument } from '../../shared/close/document.ts'
import type { LocalClose } from './close-month.ts'

export type CloseWork = Omit<LocalClose, 'clock' | 'progress'> & {
  /** What the hub's clock says as the work begins. */
  startMs: number
}

export type CloseTold = { asked: Asked } | { document: CloseDocument } | { refused: string }

export interface CloseThread {
  /** Rejects with a RangeError for what is no month, or has not begun. */
  document: Promise<CloseDocument>
  stop(): Promise<void>
}

export function startCloseThread(work: CloseWork, progress: Progress): CloseThread {
  const worker = new Worker(new URL('./close-worker.ts', import.meta.url), { workerData: work })
  const document = new Promise<CloseDocument>((resolve, reject) => {
    worker.on('message', (told: CloseTold) => {
      if ('asked' in told) progress(told.asked)
      else if ('document' in told) resolve(told.document)
      else reject(new RangeError(told.refused))
    })
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error('The close was stopped before it had an answer.')))
  })
  return {
    document,
    stop: async () => {
      await worker.terminate()
    },
  }
}
