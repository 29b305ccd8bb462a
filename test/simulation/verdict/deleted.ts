// Promise: a delete is final. What Stripe has deleted lives in no vendor, and every connector that hears of deletions
// keeps a tombstone of it, parked or not. Only of what kills its workers nobody can see to it.
import type { Manifest, ObjectRef } from '../../../shared/connector/contract.ts'
import type { Finding } from '../result.ts'
import type { FinalStripe } from './final-stripe.ts'
import { type LedgerRows, nameOf } from './ledger-rows.ts'
import type { JudgedWorld } from './world.ts'

/** The events that end each type of object. */
const DELETIONS: Readonly<Record<string, string>> = {
  customer: 'customer.deleted',
  invoice: 'invoice.deleted',
  product: 'product.deleted',
  price: 'price.deleted',
}

export function checkDeleted(
  world: Pick<JudgedWorld, 'manifests' | 'simulators' | 'deadly'>,
  final: FinalStripe,
  rows: LedgerRows,
): Finding[] {
  const killers = new Set(world.deadly.map(({ connector, ref }) => `${connector} ${nameOf(ref)}`))
  return final
    .deleted()
    .flatMap((ref) => [
      ...livesSomewhere(ref, world),
      ...world.manifests.flatMap((manifest) => withoutTombstone(ref, manifest, rows)),
    ])
    .filter(({ system, object }) => !killers.has(`${system} ${object}`))
}

function livesSomewhere(ref: ObjectRef, { simulators }: Pick<JudgedWorld, 'simulators'>): Finding[] {
  const { salesforce, netsuite, avalara } = simulators
  const { type, id } = ref
  const standing = (system: string, actual: string): Finding => ({
    promise: 'deleted',
    system,
    object: nameOf(ref),
    expected: 'gone, or marked as gone',
    actual,
  })
  const findings: Finding[] = []
  const [kind, isGone] = SALESFORCE_MARKS[type] ?? []
  const row = kind && salesforce.records(kind).find((each) => each.Stripe_Id__c === id)
  if (row && !isGone?.(row)) findings.push(standing('salesforce', `${kind} lives`))
  if (type === 'customer') {
    const customer = netsuite.find('customer', id)
    if (customer && customer.isInactive !== true) findings.push(standing('netsuite', 'an active customer'))
  }
  if (type === 'invoice') {
    if (netsuite.find('invoice', id)) findings.push(standing('netsuite', 'a posted invoice'))
    const document = avalara.documents().find(({ code, status }) => code === id && status === 'Committed')
    if (document) findings.push(standing('avalara', 'a committed document'))
  }
  return findings
}

type Row = Record<string, unknown>
const SALESFORCE_MARKS: Readonly<Record<string, [string, (row: Row) => boolean]>> = {
  customer: ['Stripe_Customer__c', (row) => row.Deleted__c === true],
  invoice: ['Stripe_Invoice__c', (row) => row.Deleted__c === true],
  price: ['Stripe_Price__c', (row) => row.Deleted__c === true],
  product: ['Product2', (row) => row.IsActive === false],
}

/** A connector that never hears of such deletions cannot keep a tombstone. */
function withoutTombstone(ref: ObjectRef, manifest: Manifest, rows: LedgerRows): Finding[] {
  const event = DELETIONS[ref.type]
  const hears = manifest.routes.some(
    ({ root, id, events }) =>
      root === ref.type && id === 'id' && event !== undefined && events.includes(event),
  )
  if (manifest.style !== 'projection' || !hears) return []
  const row = rows.row(manifest.name, ref)
  if (row?.tombstone) return []
  return [
    {
      promise: 'deleted',
      system: manifest.name,
      object: nameOf(ref),
      expected: 'a tombstone in the ledger',
      actual: row ? 'a row without one' : 'no row',
    },
  ]
}
