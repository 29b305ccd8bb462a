// Counts what the AWS SDK really sends to SQS, retries included: read off Node's own HTTP client.

import { subscribe } from 'node:diagnostics_channel'
import { ClientRequest } from 'node:http'

export class SqsWire {
  private readonly counts = new Map<string, number>()

  constructor() {
    subscribe('http.client.request.start', (message) => {
      const { request } = message as { request?: unknown }
      if (!(request instanceof ClientRequest)) return
      const target = request.getHeader('x-amz-target')
      if (typeof target !== 'string' || !target.startsWith('AmazonSQS.')) return
      const operation = target.slice('AmazonSQS.'.length)
      this.counts.set(operation, this.count(operation) + 1)
    })
  }

  count(operation: string): number {
    return this.counts.get(operation) ?? 0
  }
}
