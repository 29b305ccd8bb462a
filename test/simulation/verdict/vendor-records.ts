// Every record that stands in a vendor, whoever made it, as a name that a projection could explain and as the Stripe
// object that its own fields speak of. Taken out of the simulators' stores, past the API, so that nothing can hide.
import type { RecordKey } from '../../../shared/connector/contract.ts'
import type { JudgedWorld } from './world.ts'

export interface VendorRecord {
  system: string
  /** Undefined: it bears no external id at all. */
  key: RecordKey | undefined
  /** For people: 'CustInvc in_1 (internal id 12)'. */
  label: string
  /** What it stands for by its own fields, whatever its external id; undefined: its fields do not tell. */
  standsFor: string | undefined
}

type Simulators = JudgedWorld['simulators']

export function vendorRecords(simulators: Simulators): VendorRecord[] {
  return [...inSalesforce(simulators), ...inNetSuite(simulators), ...inAvaTax(simulators)]
}

const SALESFORCE_KINDS = [
  'Account',
  'Stripe_Customer__c',
  'Product2',
  'Stripe_Price__c',
  'Stripe_Subscription__c',
  'Stripe_Subscription_Item__c',
  'Stripe_Invoice__c',
  'Stripe_Payment__c',
  'Stripe_Credit_Note__c',
  'Stripe_Refund__c',
  'Stripe_Dispute__c',
  'Case',
]
/** Those without our id are people's own. */
const THEIRS_TOO: ReadonlySet<string> = new Set(['Account', 'Product2', 'Case'])

function inSalesforce({ salesforce }: Simulators): VendorRecord[] {
  return SALESFORCE_KINDS.flatMap((kind) =>
    salesforce.records(kind).flatMap((row) => {
      const externalId = kind === 'Account' ? row.Stripe_Key__c : row.Stripe_Id__c
      if (typeof externalId !== 'string' && THEIRS_TOO.has(kind)) return []
      return [
        {
          system: 'salesforce',
          key: typeof externalId === 'string' ? (`${kind}/${externalId}` as const) : undefined,
          label: `${kind} ${externalId ?? 'without an id of Stripe'} (${row.Id})`,
          standsFor: salesforceIdentity(kind, row),
        },
      ]
    }),
  )
}

/** Numbers are unique in the account; a payment is one invoice's share of one intent. */
function salesforceIdentity(kind: string, row: Record<string, unknown>): string | undefined {
  switch (kind) {
    case 'Stripe_Invoice__c':
    case 'Stripe_Credit_Note__c':
      return row.Number__c ? `${kind} ${row.Number__c}` : undefined
    case 'Stripe_Payment__c':
      return row.Payment_Intent__c ? `${kind} ${row.Payment_Intent__c} ${row.Invoice__c}` : undefined
    case 'Stripe_Refund__c':
    case 'Stripe_Subscription__c':
    case 'Stripe_Subscription_Item__c':
      return `${kind} ${row.Name}`
    default:
      return undefined
  }
}

const NETSUITE_KINDS: Readonly<Record<string, string>> = {
  CustInvc: 'invoice',
  CustPymt: 'customerPayment',
  CustCred: 'creditMemo',
  CustRfnd: 'customerRefund',
  Journal: 'journalEntry',
}

function inNetSuite({ netsuite }: Simulators): VendorRecord[] {
  const customers = netsuite
    .query('SELECT c.id, c.externalid, c.entityid FROM customer c ORDER BY c.id')
    .map((row) => ({
      system: 'netsuite',
      key: row.externalid ? (`customer/${String(row.externalid)}` as const) : undefined,
      label: `customer ${row.externalid ?? 'without an external id'} (internal id ${row.id})`,
      standsFor: `customer ${row.entityid}`,
    }))
  const documents = netsuite
    .query(
      // NetSuite writes revaluations by itself.
      "SELECT t.id, t.type, t.externalid, t.memo FROM transaction t WHERE t.type <> 'FxReval' ORDER BY t.id",
    )
    .map((row) => {
      const externalId = row.externalid ? String(row.externalid) : undefined
      // The memo names the Stripe object; of one object several documents may stand, told by the part after its id.
      const stripeId = /\b(?:in|inpay|cn|re|pyr|du|dp|po|cbtxn)_[A-Za-z0-9]+/.exec(
        String(row.memo ?? ''),
      )?.[0]
      const part = /-[\w-]+$/.exec(externalId ?? '')?.[0] ?? ''
      return {
        system: 'netsuite',
        key: externalId
          ? (`${NETSUITE_KINDS[String(row.type)] ?? String(row.type)}/${externalId}` as const)
          : undefined,
        label: `${row.type} ${externalId ?? 'without an external id'} (internal id ${row.id})`,
        standsFor: stripeId && `${row.type} ${stripeId}${part}`,
      }
    })
  return [...customers, ...documents]
}

const UNTAXED = 'FINALIZED_UNTAXED'

/**
 * An older version of a document is kept as Adjusted. What takes back a voided invoice is a record of its own; what takes
 * back a filed return belongs to that one.
 */
function inAvaTax({ avalara }: Simulators): VendorRecord[] {
  return avalara
    .documents()
    .filter(({ type, status }) => status !== 'Adjusted' && type !== 'SalesOrder')
    .map(({ type, code, status, referenceCode }) => {
      const isOfNote = /^cn_\w+-void$/.test(code)
      const told = referenceCode && !referenceCode.startsWith(UNTAXED)
      return {
        system: 'avalara',
        key: `transaction/${isOfNote ? code.slice(0, -'-void'.length) : code}` as const,
        label: `${type} ${code} (${status})`,
        standsFor: told ? `${type} ${referenceCode}` : undefined,
      }
    })
}
