// Posted documents: each written once. One query tells which already stand, the others are sent, one more query
// compares every posted total with the projected one; a total that differs is undone at once and parked.
import * as z from 'zod'
import type { Json, JsonObject, Writing, Written } from '../../../shared/connector/contract.ts'
import { ambiguous, type HubError, isHubError, permanent, transient } from '../../../shared/errors.ts'
import { parseDecimal, toDecimal } from '../../../shared/money/money.ts'
import { inChunks, NAMES_PER_QUERY, type NetSuiteClient, sqlList } from './client.ts'
import type { NetSuiteConfig } from './config.ts'
import type { OpenAmounts } from './open-amounts.ts'
import { spokenAmount } from './parked.ts'
import type { PeriodBook } from './periods.ts'
import { APPLICATION_CODE, CLOSED_PERIOD_CODE } from './refusals.ts'
import type { TaxEngines } from './tax-engines.ts'
import { type Outgoing, undo } from './undo-document.ts'
import { currencyOf, isObject, linesOf, projectedTotal, toWire } from './wire.ts'
import { recordPath, setInactive } from './write-customers.ts'

/** SuiteQL's names of the kinds. */
export const QUERY_TYPES: Record<string, string> = {
  invoice: 'CustInvc',
  creditMemo: 'CustCred',
  customerPayment: 'CustPymt',
  customerRefund: 'CustRfnd',
  journalEntry: 'Journal',
}

/** Documents with items: what a tax engine takes for a sale. */
const SALES = new Set(['invoice', 'creditMemo'])

const standingRow = z.object({
  id: z.coerce.string(),
  externalid: z.string(),
  type: z.string(),
  entity: z.coerce.string().optional(),
  currency: z.coerce.string().optional(),
  trandate: z.string(),
  foreigntotal: z.coerce.string(),
})
type Standing = z.infer<typeof standingRow>

const inactiveRow = z.object({ id: z.coerce.string() })

export interface DocumentWriter {
  client: NetSuiteClient
  config: NetSuiteConfig
  periods: PeriodBook
  /** These two may be absent for a writer of journals alone, which settle nothing and are no sales. */
  openAmounts?: OpenAmounts
  taxEngines?: TaxEngines
}

export async function writeDocuments(
  writer: DocumentWriter,
  kind: string,
  writings: readonly Writing[],
): Promise<(Written | HubError)[]> {
  const refusal = SALES.has(kind) ? await writer.taxEngines?.refusal() : undefined
  if (refusal) return writings.map(() => refusal)
  const outgoing = writings.map((writing) => prepare(kind, writing, writer.config))
  const before = await standingDocuments(writer.client, outgoing)
  const sent = await Promise.all(
    outgoing.map((document) => (before.has(idOf(document)) ? undefined : send(writer, kind, document))),
  )
  await resendForInactive(writer, kind, outgoing, sent)
  await releaseOvertaken(writer, outgoing, sent)

  // Also those whose answer was lost: most of them can be settled by looking.
  const inDoubt = outgoing.filter((_, index) => sent[index] === 'sent' || isAmbiguous(sent[index]))
  let after: Map<string, Standing> | HubError
  try {
    after = await standingDocuments(writer.client, inDoubt)
  } catch (error) {
    if (!isHubError(error)) throw error
    after = error
  }
  return Promise.all(
    outgoing.map(async (document, index) => {
      const outcome = sent[index]
      const stood = before.get(idOf(document))
      if (stood) return confirmed(kind, document, stood)
      if (isHubError(outcome) && outcome.kind !== 'ambiguous') return outcome
      const now = isHubError(after) ? undefined : after.get(idOf(document))
      if (now)
        return totalOf(now) === totalMagnitude(document)
          ? { remoteId: now.id }
          : undo(writer.client, kind, document, now)
      if (isHubError(outcome)) return isHubError(after) ? stillUnknown(outcome, after) : outcome
      // Posted but not compared: the next attempt finds it standing and compares then.
      return notCompared(document, isHubError(after) ? after : undefined)
    }),
  )
}

const isAmbiguous = (outcome: 'sent' | HubError | undefined): boolean =>
  isHubError(outcome) && outcome.kind === 'ambiguous'

const idOf = (document: Outgoing): string => document.writing.record.externalId

function prepare(kind: string, writing: Writing, config: NetSuiteConfig): Outgoing {
  const { record, references } = writing
  const currency = currencyOf(record.body, config)
  const total = { amountMinor: projectedTotal(kind, record.body, currency), currency }
  const customer = customerIn(record.body)
  const wire = customer === undefined ? {} : toWire({ customer }, references, currency)
  const customerId = isObject(wire.customer) ? String(wire.customer.id) : ''
  return { writing, customerId, total, document: `${kind} ${record.externalId} (${spokenAmount(total)})` }
}

async function standingDocuments(
  client: NetSuiteClient,
  documents: readonly Outgoing[],
): Promise<Map<string, Standing>> {
  const standing = new Map<string, Standing>()
  for (const chunk of inChunks(documents, NAMES_PER_QUERY)) {
    const rows = await client.query(
      `SELECT id, externalid, type, entity, currency, TO_CHAR(trandate, 'YYYY-MM-DD') AS trandate, foreigntotal FROM transaction WHERE externalid IN (${sqlList(chunk.map(idOf))})`,
      standingRow,
      'read what stands of these documents',
    )
    for (const row of rows) standing.set(row.externalid, row)
  }
  return standing
}

/** Credit memos and refunds carry a minus in the query tables. In 10^-8, for a vendor's fraction of a cent to show. */
const COMPARED_DECIMALS = 8

function totalOf({ foreigntotal }: Standing): bigint | undefined {
  const total = parseDecimal(foreigntotal, COMPARED_DECIMALS)
  return total !== undefined && total < 0n ? -total : total
}

const totalMagnitude = ({ total }: Outgoing): bigint | undefined =>
  parseDecimal(toDecimal(total), COMPARED_DECIMALS)

async function send(writer: DocumentWriter, kind: string, document: Outgoing): Promise<'sent' | HubError> {
  const { record, references } = document.writing
  const suiteTax = writer.config.tax.mode === 'suitetax'
  // Item lines have no key of ours: without `replace` a second PUT would double them. Never for `apply`, where it
  // would drop other applications.
  const replace =
    'line' in record.body
      ? '?replace=line'
      : 'item' in record.body
        ? `?replace=${suiteTax ? 'item,taxDetails' : 'item'}`
        : ''
  try {
    await writer.client.call({
      method: 'PUT',
      path: `${recordPath(kind, record.externalId)}${replace}`,
      body: {
        ...toWire(record.body, references, document.total.currency),
        ...((kind === 'creditMemo' || kind === 'customerPayment') && { autoApply: false }),
      },
      what: `post ${document.document}`,
      changes: true,
      waitsOn: customerOf(record.body),
    })
    return 'sent'
  } catch (error) {
    if (!isHubError(error)) throw error
    if (error.code === CLOSED_PERIOD_CODE) writer.periods.forget()
    return error
  }
}

/** A journal names its customer on its lines. */
function customerIn(body: JsonObject): Json | undefined {
  const [line] = linesOf(body.line)
  return body.entity ?? body.customer ?? (line?.entity as Json | undefined)
}

function customerOf(body: JsonObject): { type: string; id: string }[] {
  const reference = customerIn(body)
  const key = isObject(reference) ? String(reference.$record ?? '') : ''
  return key.startsWith('customer/') ? [{ type: 'customer', id: key.slice('customer/'.length) }] : []
}

/**
 * NetSuite takes no document for an inactive customer, and a customer deleted in Stripe is inactive while its last
 * documents may still be on their way: activated for as long as it takes. Replaces outcomes in `sent`.
 */
async function resendForInactive(
  writer: DocumentWriter,
  kind: string,
  outgoing: readonly Outgoing[],
  sent: ('sent' | HubError | undefined)[],
): Promise<void> {
  const refused = outgoing.filter((_, index) => {
    const outcome = sent[index]
    return isHubError(outcome) && outcome.kind === 'permanent'
  })
  const customerIds = [...new Set(refused.map(({ customerId }) => customerId))].filter((id) =>
    /^\d+$/.test(id),
  )
  if (customerIds.length === 0) return
  const inactive = new Set<string>()
  for (const ids of inChunks(customerIds, NAMES_PER_QUERY)) {
    const rows = await writer.client.query(
      `SELECT id FROM customer WHERE isinactive = 'T' AND id IN (${ids.join(', ')})`,
      inactiveRow,
      'read which customers are inactive',
    )
    for (const { id } of rows) inactive.add(id)
  }
  for (const customerId of inactive) {
    await setInactive(writer.client, customerId, false)
    try {
      for (const document of refused.filter((refusedOne) => refusedOne.customerId === customerId)) {
        sent[outgoing.indexOf(document)] = await send(writer, kind, document)
      }
    } finally {
      await setInactive(writer.client, customerId, true)
    }
  }
}

/**
 * An application that NetSuite refuses because the invoice was settled by another root since it was gathered: gathered anew,
 * it is settled rightly. Replaces outcomes in `sent`.
 */
async function releaseOvertaken(
  { openAmounts }: DocumentWriter,
  outgoing: readonly Outgoing[],
  sent: ('sent' | HubError | undefined)[],
): Promise<void> {
  const refused = outgoing.flatMap(({ writing }, index) => {
    const outcome = sent[index]
    return isHubError(outcome) && outcome.code === APPLICATION_CODE ? [writing.record] : []
  })
  if (!openAmounts || refused.length === 0) return
  const overtaken = await openAmounts.overtaken(refused)
  for (const [index, { writing, document }] of outgoing.entries()) {
    if (!overtaken.has(writing.record)) continue
    sent[index] = transient(`${document} settles an invoice that something else settled meanwhile.`, {
      code: 'NS-OVERTAKEN',
      hint: 'Nothing to do: what is open is read again, and the document follows from that.',
      recordOnly: true,
      cause: sent[index],
    })
  }
}

/** It stood before: written by an attempt whose answer was lost, or by somebody else. Equal counts as written. */
function confirmed(kind: string, document: Outgoing, standing: Standing): Written | HubError {
  const { record } = document.writing
  const currencyId = isObject(record.body.currency) ? record.body.currency.id : undefined
  const differences = [
    standing.type !== QUERY_TYPES[kind] && `type ${standing.type}`,
    // A journal's customers stand on its lines.
    kind !== 'journalEntry' && standing.entity !== document.customerId && `customer ${standing.entity}`,
    standing.currency !== currencyId && `currency ${standing.currency}`,
    standing.trandate !== record.body.tranDate &&
      `date ${standing.trandate} instead of ${String(record.body.tranDate)}`,
    totalOf(standing) !== totalMagnitude(document) &&
      `total ${standing.foreigntotal} instead of ${toDecimal(document.total)}`,
  ].filter((difference) => difference !== false)
  if (differences.length === 0) return { remoteId: standing.id }
  return permanent(
    `${document.document} differs from what stands in NetSuite (id ${standing.id}): ${differences.join(', ')}. It was left as it is.`,
    {
      code: 'NS-DIFFERS',
      hint: `Accounting: compare NetSuite ${kind} ${standing.id} with Stripe. If it was entered by mistake, delete it or clear its external id, then: hub replay --parked`,
    },
  )
}

function notCompared(document: Outgoing, cause: HubError | undefined): HubError {
  return transient(`${document.document} was sent, and NetSuite's total could not be compared yet.`, {
    code: 'NS-UNCOMPARED',
    hint: 'Nothing to do: it is read before anything is sent again.',
    cause,
    retryAfterSeconds: cause?.retryAfterSeconds,
    ...(cause?.detail !== undefined && { detail: cause.detail }),
  })
}

/** Neither the write nor the look for it was answered; how long to wait, only the latter may have said. */
const stillUnknown = (outcome: HubError, look: HubError): HubError =>
  ambiguous(outcome.message, { ...outcome, retryAfterSeconds: look.retryAfterSeconds, cause: outcome })
