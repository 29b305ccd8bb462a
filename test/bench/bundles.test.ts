// No function carries another connector's SDK: each would be read at every cold start, and be one more thing to keep safe.
import { beforeAll, describe, expect, it } from 'vitest'
import { bundleFunctions, type FunctionBundle } from './bundles.ts'

/** Package → the functions that may carry it. One that is not named may be anywhere. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  jsforce: ['salesforce'],
  'netsuite-rest': ['netsuite', 'close', 'recognition'],
  avatax: ['avalara', 'tax-estimate'],
  'hyparquet-writer': ['lake'],
}
/** What a hub on AWS has no use for: it belongs to the laptop, to synth, or to tests. */
const NOWHERE = [
  '@duckdb/node-api',
  'aws-cdk-lib',
  'cli-table3',
  'commander',
  'dynalite',
  'esbuild',
  '@hono/node-server',
]
/** The whole of Stripe's SDK to check a signature and to read four fields would double ingest. */
const NOT_IN_INGEST = ['stripe', 'zod', 'jsforce', 'avatax', 'netsuite-rest']

let bundles: FunctionBundle[]
beforeAll(async () => {
  bundles = await bundleFunctions()
}, 240_000)

const carriersOf = (name: string) =>
  bundles.filter(({ packages }) => packages.has(name)).map((bundle) => bundle.name)

describe('a bundle', () => {
  it.each(Object.entries(OWNERS))(
    'carries %s in the functions that speak to its vendor only',
    (name, owners) => {
      const carriers = carriersOf(name)
      // Had it another name by now, this would look for nothing.
      expect(carriers).toContain(owners[0])
      expect(carriers.filter((carrier) => !owners.includes(carrier))).toEqual([])
    },
  )

  it('carries nothing of the laptop or of synth', () => {
    expect(NOWHERE.flatMap((name) => carriersOf(name).map((carrier) => `${name} in ${carrier}`))).toEqual([])
  })

  it('of ingest is AWS clients and little else', () => {
    const ingest = bundles.find(({ name }) => name === 'ingest')
    expect(ingest?.packages.has('@aws-sdk/client-sqs')).toBe(true)
    expect(NOT_IN_INGEST.filter((name) => ingest?.packages.has(name))).toEqual([])
  })
})
