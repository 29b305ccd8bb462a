// What a hub's log tells of its cost: bytes, batches, files, and which custom metrics there are.
import * as z from 'zod'
import type { Log } from '../../shared/log.ts'

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html */
const MESSAGES_A_RECEIVE = 10

const embedded = z.object({
  CloudWatchMetrics: z.array(
    z.object({ Dimensions: z.array(z.array(z.string())), Metrics: z.array(z.object({ Name: z.string() })) }),
  ),
})

export class HeardLines {
  bytes = 0
  batches = 0
  receives = 0
  files = 0
  fileBytes = 0
  /** Name and dimensions: each is a paid metric. */
  readonly metrics = new Set<string>()

  readonly hear: Log = (line) => {
    this.bytes += Buffer.byteLength(JSON.stringify(line)) + 1
    if (line.line === 'batch') this.count(Number(line.messages))
    if (line.line === 'appended') {
      this.count(Number(line.rows))
      this.files += 1
      this.fileBytes += Number(line.bytes)
    }
    const { data } = embedded.safeParse(line._aws)
    for (const { Dimensions, Metrics } of data?.CloudWatchMetrics ?? []) {
      for (const names of Dimensions)
        for (const { Name } of Metrics)
          this.metrics.add([Name, ...names.map((name) => `${name}=${String(line[name])}`)].join(' '))
    }
  }

  /** The metrics stay: one that was seen once is paid for. */
  reset(): void {
    this.bytes = 0
    this.batches = 0
    this.receives = 0
    this.files = 0
    this.fileBytes = 0
  }

  private count(messages: number): void {
    this.batches += 1
    this.receives += Math.ceil(messages / MESSAGES_A_RECEIVE)
  }
}
