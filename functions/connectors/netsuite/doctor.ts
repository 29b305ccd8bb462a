// Whether the NetSuite account is as hub.config.ts says: sign-in, every internal id that it names, what the role may see, and
// that no tax engine calculates over what Stripe charged. Read by SuiteQL, a query a table; nothing is written.
//
// What it cannot see: whether the role may also create and edit. NetSuite tells that only when it is tried.
import * as z from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import { examine, type Finding } from '../../../shared/doctor/finding.ts'
import { isHubError } from '../../../shared/errors.ts'
import { createNetSuiteClient, type NetSuiteClient } from './client.ts'
import type { NetSuiteConfig, NetSuiteCredentials } from './config.ts'
import { type NamedId, namedIds, type Table } from './named-ids.ts'
import { TaxEngines } from './tax-engines.ts'

export interface NetSuiteExamination {
  config: NetSuiteConfig
  credentials: NetSuiteCredentials
  clock: Clock
}

const { ok, failed, unknown, look } = examine('netsuite')

/** What is asked of each table, beside whether the record is active; and its name for more than one. */
const TABLES: Readonly<Record<Table, { columns: string; plural: string }>> = {
  account: { columns: 'accttype AS type, currency', plural: 'accounts' },
  currency: { columns: 'symbol', plural: 'currencies' },
  subsidiary: { columns: 'currency', plural: 'subsidiaries' },
  item: { columns: 'incomeaccount', plural: 'items' },
  department: { columns: 'name', plural: 'departments' },
  classification: { columns: 'name', plural: 'classes' },
  location: { columns: 'name', plural: 'locations' },
}

const row = z.object({
  id: z.coerce.string(),
  isinactive: z.string().nullish(),
  type: z.string().nullish(),
  currency: z.coerce.string().nullish(),
  symbol: z.string().nullish(),
  incomeaccount: z.coerce.string().nullish(),
})
type Row = z.output<typeof row>

export async function examineNetSuite({
  config,
  credentials,
  clock,
}: NetSuiteExamination): Promise<Finding[]> {
  const client = createNetSuiteClient(config.account, credentials, clock)
  const signIn = await look('sign-in', async () => {
    await client.query('SELECT id FROM currency', row, 'ask for the currencies')
    return ok(
      'sign-in',
      `account ${config.account}, ${credentials.auth === 'tba' ? 'tokens (end about 2028)' : 'OAuth 2.0'}`,
    )
  })
  if (signIn.some(({ verdict }) => verdict !== 'ok')) return signIn
  const named = namedIds(config)
  const findings = [...signIn]
  for (const table of Object.keys(TABLES) as Table[]) {
    const wanted = named.filter((each) => each.table === table)
    if (wanted.length > 0)
      findings.push(...(await look(TABLES[table].plural, () => examineTable(client, table, wanted, config))))
  }
  if (config.tax.mode === 'suitetax') findings.push(...(await examineTaxCodes(client, config.tax)))
  findings.push(...(await examineRole(client)))
  findings.push(
    ...(await look('tax engines', async () => {
      const refusal = await new TaxEngines(client, config, clock).refusal()
      if (refusal) throw refusal
      return ok('tax engines', 'none that the hub can see')
    })),
  )
  return findings
}

async function examineTable(
  client: NetSuiteClient,
  table: Table,
  wanted: readonly NamedId[],
  config: NetSuiteConfig,
): Promise<Finding[]> {
  const ids = [...new Set(wanted.map(({ id }) => id))]
  const rows = await client.query(
    `SELECT id, isinactive, ${TABLES[table].columns} FROM ${table} WHERE id IN (${ids.join(', ')})`,
    row,
    `ask for the ${TABLES[table].plural} that hub.config.ts names`,
  )
  const byId = new Map(rows.map((each) => [each.id, each]))
  const wrong = wanted.flatMap((each) => {
    const why = problemOf(each, byId.get(each.id), config)
    return why === undefined
      ? []
      : [
          failed(`${table} ${each.id}`, {
            why: `hub.config.ts → netsuite.${each.path} is ${table} ${each.id}, and ${why}.`,
            next: 'NetSuite admin: mend it there; or engineering: the right internal id in hub.config.ts. Then run hub doctor.',
            code: 'NS-ID',
          }),
        ]
  })
  return wrong.length > 0 ? wrong : [ok(TABLES[table].plural, `${ids.length} named, all active`)]
}

function problemOf(named: NamedId, found: Row | undefined, config: NetSuiteConfig): string | undefined {
  if (!found) return 'there is none, or the role may not see it'
  if (found.isinactive === 'T') return 'it is inactive'
  const { types, currency, symbol, incomeAccount } = named
  if (types && found.type && !types.includes(found.type))
    return `it is of type ${found.type}, where ${types.join(' or ')} is needed`
  if (symbol !== undefined && found.symbol !== symbol) return `it is ${found.symbol ?? 'no currency'}`
  // An account without a currency of its own holds any.
  const wantedCurrency = currency === undefined ? undefined : config.currencies[currency]
  if (wantedCurrency !== undefined && found.currency && found.currency !== wantedCurrency)
    return `it is in currency ${found.currency}, where ${currency} (${wantedCurrency}) is needed`
  if (incomeAccount !== undefined && found.incomeaccount !== incomeAccount)
    return `it posts to account ${found.incomeaccount ?? 'none'}, where ${incomeAccount} is needed`
  return undefined
}

type SuiteTax = Extract<NetSuiteConfig['tax'], { mode: 'suitetax' }>

/** SuiteQL's names for them differ by account; the record API's do not. */
async function examineTaxCodes(
  client: NetSuiteClient,
  { taxCode, taxType, rates }: SuiteTax,
): Promise<Finding[]> {
  const pairs = [{ taxCode, taxType }, ...Object.values(rates)]
  const records = [
    ...new Set(pairs.map((pair) => `salesTaxItem/${pair.taxCode}`)),
    ...new Set(pairs.map((pair) => `taxType/${pair.taxType}`)),
  ]
  const findings = await Promise.all(
    records.map((record) =>
      look(record, async () => {
        const answer = await client.call({
          method: 'GET',
          path: `record/v1/${record}`,
          what: `look for ${record}`,
          changes: false,
        })
        if (answer.status !== 404) return ok(record)
        return failed(record, {
          why: 'hub.config.ts → netsuite.tax names it, and there is none, or the role may not see it.',
          next: 'Engineering: the internal id of Setup → Accounting → Tax Codes in hub.config.ts. Then run hub doctor.',
          code: 'NS-ID',
        })
      }),
    ),
  )
  return findings.flat()
}

/** What the connector writes. */
const RECORDS = [
  'customer',
  'invoice',
  'creditMemo',
  'customerPayment',
  'customerRefund',
  'deposit',
  'journalEntry',
] as const

async function examineRole(client: NetSuiteClient): Promise<Finding[]> {
  const hidden: string[] = []
  const silent: string[] = []
  for (const record of RECORDS) {
    try {
      await client.call({
        method: 'GET',
        path: `record/v1/${record}?limit=1`,
        what: `look at one ${record}`,
        changes: false,
      })
    } catch (error) {
      if (!isHubError(error)) throw error
      const isRefusal = error.kind === 'permanent' || error.kind === 'credential'
      ;(isRefusal ? hidden : silent).push(record)
    }
  }
  const next =
    "NetSuite admin: Setup → Users/Roles → the hub's role → Permissions: these records at level Full, and REST Web Services, SuiteAnalytics Workbook, Log in using OAuth 2.0 Access Tokens."
  if (hidden.length > 0)
    return [
      failed('role', { why: `The hub's role may not see ${hidden.join(', ')}.`, next, code: 'NS-ROLE' }),
    ]
  if (silent.length > 0)
    return [
      unknown('role', {
        why: `NetSuite did not answer for ${silent.join(', ')}.`,
        next: 'Wait a little, then run hub doctor again.',
        code: 'NS-NETWORK',
      }),
    ]
  return [
    ok(
      'role',
      `sees ${RECORDS.length} kinds of records; whether it may write them shows at the first document`,
    ),
  ]
}
