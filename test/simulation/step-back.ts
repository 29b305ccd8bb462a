// Promise: what a system has shown is not taken back for something older. Looked at after every write, and only where no
// worker dies, stands still or waits for an answer in vain: those may land late, and are looked for afterwards.
import type { SalesforceSimulator } from '../../local/simulators/salesforce/server.ts'
import type { Faults } from './faults/faults.ts'
import { FAULT_KINDS, type FaultKind } from './faults/kinds.ts'
import type { Finding } from './result.ts'

/** With these alone every write is over before the next one of its object begins. */
const CALM: ReadonlySet<FaultKind> = new Set([
  'webhook-duplicated',
  'webhook-delayed',
  'webhook-shuffled',
  'webhook-lost',
  'one-second',
  'long-invoice',
  'impossible-record',
  'sqs-redelivered',
  'sqs-repeated',
  'sqs-split',
  'record-locked',
  'rate-limited',
])

/** How far an invoice is. */
const PROGRESS: Readonly<Record<string, number>> = { draft: 0, open: 1, uncollectible: 2, paid: 3, void: 3 }

interface Seen {
  status: string
  /** Major units, as the CRM shows them. */
  paid: number
}

export class StepBackWatch {
  readonly findings: Finding[] = []
  private readonly isCalm: boolean
  private readonly salesforce: SalesforceSimulator
  private readonly seen = new Map<string, Seen>()

  constructor(faults: Faults, salesforce: SalesforceSimulator) {
    this.isCalm = FAULT_KINDS.every((kind) => CALM.has(kind) || !faults.isChosen(kind))
    this.salesforce = salesforce
  }

  look(): void {
    if (!this.isCalm) return
    for (const row of this.salesforce.records('Stripe_Invoice__c')) {
      const id = String(row.Stripe_Id__c)
      const now: Seen = { status: String(row.Status__c), paid: Number(row.Amount_Paid__c) }
      const before = this.seen.get(id)
      this.seen.set(id, now)
      if (!before) continue
      const isBehind = (PROGRESS[now.status] ?? 0) < (PROGRESS[before.status] ?? 0) || now.paid < before.paid
      if (!isBehind) continue
      this.findings.push({
        promise: 'no step back',
        system: 'salesforce',
        object: `invoice ${id}`,
        expected: `still ${before.status}, ${before.paid} paid`,
        actual: `${now.status}, ${now.paid} paid`,
      })
    }
  }
}
