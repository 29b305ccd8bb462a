// What a history leaves behind for the verdict: the hub's own memory, the vendors, and a way to ask each of them without
// faults. Whoever ran the history fills it in; nothing here decides.
import type Stripe from 'stripe'
import type { Queue } from '../../../local/aws/sqs-queue.ts'
import type { AvalaraAccess } from '../../../local/demo/readings/avalara.ts'
import type { NetSuiteAccess } from '../../../local/demo/readings/netsuite.ts'
import type { SalesforceAccess } from '../../../local/demo/readings/salesforce.ts'
import type { StripeAccess } from '../../../local/demo/readings/stripe.ts'
import type { AvalaraSimulator } from '../../../local/simulators/avalara/avalara.ts'
import type { NetSuiteSimulator } from '../../../local/simulators/netsuite/netsuite.ts'
import type { SalesforceSimulator } from '../../../local/simulators/salesforce/server.ts'
import type { StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import type { Connector, Manifest, ObjectRef } from '../../../shared/connector/contract.ts'
import type { StripeReader } from '../../../shared/stripe/access.ts'

export interface JudgedWorld {
  manifests: readonly Manifest[]
  /**
   * Fresh instances of the projecting connectors. One for each configuration that was ever deployed, the newest last:
   * a record is compared with the mapping that its row says it was written by, a posted document with any of them.
   */
  connectors: readonly Connector[]
  stripe: Stripe
  reader: StripeReader
  /** Every raw row of the ledger's table. */
  ledgerItems: () => Record<string, unknown>[]
  simulators: {
    stripe: StripeSimulator
    salesforce: SalesforceSimulator
    netsuite: NetSuiteSimulator
    avalara: AvalaraSimulator
  }
  vendorAccess: {
    stripe: StripeAccess
    salesforce: SalesforceAccess
    netsuite: NetSuiteAccess
    avalara: AvalaraAccess
  }
  /** The lake's bucket: key → bytes. What is no Parquet file is passed over. */
  lakeObjects: ReadonlyMap<string, Uint8Array>
  queues: ReadonlyMap<string, Pick<Queue, 'counts'>>
  deadQueues: ReadonlyMap<string, Pick<Queue, 'counts'>>
  /** Events that were answered 2xx, or that the sweep recovered. */
  acknowledged: readonly { eventId: string }[]
  /** Drafts that nobody could have held before they were finalized. */
  outOfReach: ReadonlySet<string>
  /** Records that a vendor will never take, and the code that they must be parked with. */
  impossible: readonly { connector: string; ref: ObjectRef; code: string }[]
  /** Objects that kill whoever works on them. */
  deadly: readonly { connector: string; ref: ObjectRef }[]
  /** Names of the processes that died. */
  died: ReadonlySet<string>
  limits: readonly VendorLoad[]
}

/** How a vendor was used: calls in flight at once, and refusals (429) that no fault asked for. */
export interface VendorLoad {
  vendor: string
  most: number
  allowed: number
  refused: number
}
