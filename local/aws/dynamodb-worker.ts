// The thread that dynalite runs in: it reports its port once and closes when it is told to. See dynamodb.ts for why it
// has a thread of its own.
import { parentPort, workerData } from 'node:worker_threads'
import dynalite from 'dynalite'
import * as z from 'zod'

const { path } = z.object({ path: z.string().optional() }).parse(workerData)
const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
// Node's five seconds would cut connections that a busy client still holds for its next request.
server.keepAliveTimeout = 60_000

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('dynalite has no port.')
  parentPort?.postMessage(address.port)
})

// dynalite waits for its pending writes before it closes its store: only so is a store on disk whole afterwards.
parentPort?.once('message', () => {
  server.closeAllConnections()
  server.close(() => parentPort?.close())
})
