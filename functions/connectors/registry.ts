// Every connector there is, as pure data: ingest routes by it, the CDK app makes a lane of each, and neither loads a
// vendor's SDK. Adding a connector is its folder, one line here, and a simulator.
import type { Manifest } from '../../shared/connector/contract.ts'
import { manifest as avalara } from './avalara/manifest.ts'
import { manifest as lake } from './lake/manifest.ts'
import { manifest as netsuite } from './netsuite/manifest.ts'
import { manifest as salesforce } from './salesforce/manifest.ts'
import { manifest as taxHold } from './tax-hold/manifest.ts'

export const registry: readonly Manifest[] = [taxHold, avalara, netsuite, salesforce, lake]

/**
 * The manifests of the connectors that are switched on. The hold belongs to the tax connector: it is on with it.
 * @throws Error naming the connector, when a name is not in the registry.
 */
export function manifestsOf(names: readonly string[]): Manifest[] {
  const unknown = names.find((name) => !registry.some((manifest) => manifest.name === name))
  if (unknown) {
    throw new Error(
      `hub.config.ts switches on a connector "${unknown}" that does not exist. Known: ${registry.map(({ name }) => name).join(', ')}.`,
    )
  }
  const wanted = new Set(names)
  if (wanted.has(avalara.name)) wanted.add(taxHold.name)
  return registry.filter(({ name }) => wanted.has(name))
}
