// Promise: what a system has shown is not taken back for something older. Looked at after every write, and only where no
// worker dies, stands still or waits for an answer in vain: those may land late, and are looked for afterwards.
import type { SalesforceSimulator } from '../../local/simulators/salesforce/server.ts'
import type { StripeSimulator } from '../../local/simulators/stripe/server.ts'
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

export class StepBackWatch {
  readonly findings: Finding[] = []
  private readonly isCalm: boolean
  private readonly stripe: StripeSimulator
  private readonly salesforce: SalesforceSimulator
  /** By customer: how far in Stripe's history the name that was seen last is. */
  private readonly seen = new Map<string, number>()

  constructor(faults: Faults, vendors: { stripe: StripeSimulator; salesforce: SalesforceSimulator }) {
    this.isCalm = FAULT_KINDS.every((kind) => CALM.has(kind) || !faults.isChosen(kind))
    this.stripe = vendors.stripe
    this.salesforce = vendors.salesforce
  }

  look(): void {
    if (!this.isCalm) return
    for (const { Stripe_Id__c: id, Name: name } of this.salesforce.records('Stripe_Customer__c')) {
      const names = this.namesOf(String(id))
      const at = names.indexOf(String(name))
      // A name that it had twice does not tell when it is from.
      if (at < 0 || names.lastIndexOf(String(name)) !== at) continue
      const before = this.seen.get(String(id)) ?? 0
      if (at < before) {
        this.findings.push({
          promise: 'no step back',
          system: 'salesforce',
          object: `customer ${String(id)}`,
          expected: `Name: ${String(names[before])}, seen before`,
          actual: `${String(name)}, which is older`,
        })
      }
      this.seen.set(String(id), Math.max(at, before))
    }
  }

  /** Each name once, for as long as it stood. */
  private namesOf(customer: string): string[] {
    const names: string[] = []
    for (const { data } of this.stripe.events) {
      const { object } = data
      if (object.object !== 'customer' || object.id !== customer) continue
      if (names.at(-1) !== String(object.name)) names.push(String(object.name))
    }
    return names
  }
}
