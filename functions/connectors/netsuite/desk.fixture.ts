// An accountant's desk for tests: Stripe objects are brought in as the engine would bring them (gather, project, write what
// is not posted), and what stands in the simulated NetSuite is told in short lines. A document as
//   creditMemo in_1-balance 2026-11-02: 812 30.00 → invoice/in_1 30.00
// and the ledger as the sum of every account, debits positive, in the subsidiary's currency.
import { expect } from 'vitest'
import type { NetSuiteSimulatorOptions } from '../../../local/simulators/netsuite/netsuite.ts'
import type {
  Connector,
  JsonObject,
  KnownRecord,
  RecordKey,
  RemoteRecord,
} from '../../../shared/connector/contract.ts'
import { recordKey } from '../../../shared/connector/contract.ts'
import { isHubError } from '../../../shared/errors.ts'
import { startAccount, type TestAccount } from './account.fixture.ts'
import type { Context } from './books.ts'
import type { NetSuiteConfigInput } from './config.ts'
import { customer, fullConfig } from './objects.fixture.ts'
import type { Root } from './project.ts'
import { isObject, linesOf } from './wire.ts'

export interface Desk extends AsyncDisposable {
  account: TestAccount
  /**
   * Posts what the object says and what was not posted before. @returns the new documents. @throws what parks it.
   * @param meanwhile what another worker does between gathering and writing.
   */
  bring(object: Root, meanwhile?: () => Promise<unknown>): Promise<string[]>
  /** What the engine would keep for an object. */
  kept(id: string): JsonObject | undefined
  /** Every account that is not even, as '111 70.00'. */
  ledger(): string[]
  /** Still open on a posted invoice or journal, and unapplied of a memo or payment. */
  open(kind: string, externalId: string): unknown
}

interface State {
  keep: JsonObject | undefined
  known: Record<RecordKey, KnownRecord>
}

/** @param stripe what Stripe answers beside the objects, by path. @param options of the NetSuite account. */
export async function openDesk(
  config: Partial<NetSuiteConfigInput> = {},
  stripe: Record<string, unknown> = {},
  options: Partial<NetSuiteSimulatorOptions> = {},
): Promise<Desk> {
  const account = await startAccount(options)
  for (const [path, answer] of Object.entries(stripe)) account.stripe.set(path, answer)
  const desk = deskOf(account, account.connect({ config: { ...fullConfig, ...config } }))
  await desk.bring(customer())
  return desk
}

export function deskOf(account: TestAccount, connector: Connector<Root, Context>): Desk {
  const states = new Map<string, State>()
  return {
    account,
    async bring(object, meanwhile) {
      const state = states.get(object.id) ?? { keep: undefined, known: {} }
      const [gathered] = await connector.gather([
        { ref: { type: object.object, id: object.id }, object, keep: state.keep, known: state.known },
      ])
      if (!gathered || isHubError(gathered)) throw gathered ?? new Error('gather gave no outcome')
      const records = connector.project(object, gathered.context)
      const projected = new Set<string>(records.map(recordKey))
      // A posted document that is no longer projected would be retired, and that parks.
      expect(Object.keys(state.known).filter((key) => !projected.has(key))).toEqual([])
      const fresh = records.filter((record) => !record.frozen || !(recordKey(record) in state.known))
      for (const posted of records.filter((record) => !fresh.includes(record))) {
        const [read] = await connector.read(posted.kind, [posted.externalId])
        expect(read?.body, `${recordKey(posted)} was posted`).toEqual(posted.body)
      }
      await meanwhile?.()
      const failed = (await account.write(fresh, connector)).find(isHubError)
      if (failed) throw failed
      for (const record of fresh) {
        const [read] = await connector.read(record.kind, [record.externalId])
        expect(read?.body, recordKey(record)).toEqual(record.body)
        state.known[recordKey(record)] = { remoteId: read?.remoteId ?? '', hash: 'posted' }
      }
      states.set(object.id, { known: state.known, keep: gathered.keep })
      return fresh.filter(({ kind }) => kind !== 'customer').map(tell)
    },
    kept: (id) => states.get(id)?.keep,
    ledger() {
      const sums = new Map<string, number>()
      for (const [key, id] of Object.entries(account.remoteIds)) {
        if (key.startsWith('customer/')) continue
        for (const { account: name, debit, credit } of account.simulator.ledger(id)) {
          const cents = Math.round(Number(debit || 0) * 100) - Math.round(Number(credit || 0) * 100)
          sums.set(name, (sums.get(name) ?? 0) + cents)
        }
      }
      return [...sums]
        .filter(([, cents]) => cents !== 0)
        .map(([name, cents]) => `${name} ${(cents / 100).toFixed(2)}`)
        .sort()
    },
    open(kind, externalId) {
      const record = account.simulator.find(kind, externalId)
      return record?.amountRemaining ?? record?.unapplied
    },
    [Symbol.asyncDispose]: () => account[Symbol.asyncDispose](),
  }
}

const idIn = (value: unknown): string => (isObject(value) ? String(value.id) : '')

/** A document in one line. */
function tell({ kind, externalId, body }: RemoteRecord): string {
  const account = kind === 'customerPayment' || kind === 'customerRefund' ? ` ${idIn(body.account)}` : ''
  const rate = body.exchangeRate === undefined ? '' : ` at ${String(body.exchangeRate)}`
  const content = [
    ...linesOf(body.item).map((line) => `${idIn(line.item)} ${String(line.amount)}`),
    ...linesOf(body.line).map((line) =>
      line.debit === undefined
        ? `cr ${idIn(line.account)} ${String(line.credit)}`
        : `dr ${idIn(line.account)} ${String(line.debit)}`,
    ),
    ...(body.payment === undefined ? [] : [String(body.payment)]),
  ].join(', ')
  const applied = linesOf(body.apply)
    .map(({ doc, amount }) => `${isObject(doc) ? String(doc.$record ?? 'a document') : ''} ${String(amount)}`)
    .join(', ')
  const what = `${content}${applied === '' ? '' : `${content === '' ? '' : ' '}→ ${applied}`}`
  return `${kind} ${externalId} ${String(body.tranDate)}${account}${rate}: ${what}`
}
