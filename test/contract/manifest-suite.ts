// What every connector's manifest must hold, whatever its system: ingest, the queues and the CDK app take it at its word.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Manifest } from '../../shared/connector/contract.ts'
import { createStripeReader } from '../../shared/stripe/access.ts'
import { createStripeClient } from '../../shared/stripe/client.ts'

/** Lambda's own limits of an SQS event source: batches over 10 need a window, which is at most five minutes. */
const MAX_BATCH = 10_000
const MAX_WINDOW_SECONDS = 300

/** As the installed stripe package names them, snapshot events only. */
function stripeEventTypes(): Set<string> {
  const types = readFileSync(
    new URL('../../node_modules/stripe/esm/resources/Events.d.ts', import.meta.url),
    'utf8',
  )
  return new Set([...types.matchAll(/^\s+type: '([a-z0-9_.]+)';$/gm)].map(([, type = '']) => type))
}

export function describeManifest(manifest: Manifest): void {
  describe('the manifest', () => {
    const eventTypes = stripeEventTypes()
    const wanted = manifest.routes.flatMap(({ events }) => events)

    it('names real Stripe event types, each once per root', () => {
      expect(eventTypes.size).toBeGreaterThan(200)
      if (manifest.style === 'append') expect(wanted).toEqual(['*'])
      else expect(wanted.filter((type) => !eventTypes.has(type))).toEqual([])
      const pairs = manifest.routes.flatMap(({ events, root, id }) =>
        events.map((type) => `${type} → ${root} at ${id}`),
      )
      expect(pairs).toEqual([...new Set(pairs)])
    })

    // An append connector has no roots: every event is its own.
    if (manifest.style === 'projection') {
      it('says of every root how it is read, and the hub can read it', () => {
        const roots = new Set(manifest.routes.map(({ root }) => root))
        expect(Object.keys(manifest.objects).sort()).toEqual([...roots].sort())
        const reader = createStripeReader(createStripeClient({ apiKey: 'sk_test_none' }))
        expect([...roots].filter((root) => !reader.canRead(root))).toEqual([])
      })
    }

    it('marks an id that can be used again as deletable, and names its kinds apart', () => {
      for (const [type, { deletable, reusableId }] of Object.entries(manifest.objects)) {
        if (reusableId) expect(deletable, type).toBe(true)
      }
      expect(new Set(manifest.kinds).size).toBe(manifest.kinds.length)
      // The kind ends where the external id begins, in every key of the ledger.
      expect(manifest.kinds.filter((kind) => kind.includes('/'))).toEqual([])
    })

    it('keeps within the vendor’s limits and Lambda’s', () => {
      const { queue, vendor } = manifest
      expect(queue.maximumConcurrency * vendor.parallelCalls).toBeLessThanOrEqual(vendor.accountConcurrency)
      expect(vendor.recordsPerCall).toBeGreaterThan(0)
      expect(queue.maximumConcurrency).toBeGreaterThanOrEqual(2)
      expect(queue.batchSize).toBeLessThanOrEqual(queue.batchWindowSeconds > 0 ? MAX_BATCH : 10)
      expect(queue.batchWindowSeconds).toBeLessThanOrEqual(MAX_WINDOW_SECONDS)
    })
  })
}
