// What stands in an AvaTax account beside documents: companies, where they collect tax, and which tax codes there are. Asked
// by the doctor alone, so that the tax path carries none of it.
import * as z from 'zod'
import { transient } from '../../../shared/errors.ts'
import type { AvalaraCredentials } from './config.ts'
import { translateAvaTaxError } from './refusals.ts'
import { openSdk } from './sdk.ts'

/** The methods used, with the arguments that really go over the wire. */
interface Calls {
  queryCompanies(call: { filter?: string; top?: number }): Promise<unknown>
  listNexusByCompany(call: { companyId: number; top?: number }): Promise<unknown>
  listTaxCodes(call: { filter: string; top?: number }): Promise<unknown>
}

/** AvaTax lists 1,000 at most. */
const TOP = 1_000
/** Codes in one `in (…)`, so that the address stays short. */
const CODES_AT_ONCE = 50

const listOf = <T>(value: z.ZodType<T>) => z.object({ value: z.array(value) })
const company = z.object({ id: z.number(), companyCode: z.string(), isActive: z.boolean().nullish() })
const nexus = z.object({ country: z.string(), region: z.string().nullish() })
const taxCode = z.object({ taxCode: z.string(), isActive: z.boolean().nullish() })

export class AvaTaxAccount {
  private readonly calls: Calls

  constructor(credentials: AvalaraCredentials) {
    this.calls = openSdk(credentials, 'hub-doctor') as Calls
  }

  /** @throws HubError. */
  companies(): Promise<z.output<typeof company>[]> {
    return ask('list the companies', listOf(company), () => this.calls.queryCompanies({ top: TOP }))
  }

  /** Where the company must collect tax. @throws HubError. */
  nexus(companyId: number): Promise<z.output<typeof nexus>[]> {
    return ask('list the nexus', listOf(nexus), () => this.calls.listNexusByCompany({ companyId, top: TOP }))
  }

  /** Which of these codes AvaTax knows and has active. @throws HubError. */
  async knownTaxCodes(codes: readonly string[]): Promise<string[]> {
    const known: string[] = []
    for (let from = 0; from < codes.length; from += CODES_AT_ONCE) {
      const part = codes.slice(from, from + CODES_AT_ONCE).map((code) => `'${code.replaceAll("'", "''")}'`)
      const found = await ask('look for tax codes', listOf(taxCode), () =>
        this.calls.listTaxCodes({ filter: `taxCode in (${part.join(', ')})`, top: TOP }),
      )
      known.push(...found.filter(({ isActive }) => isActive !== false).map((each) => each.taxCode))
    }
    return known
  }
}

async function ask<T>(
  what: string,
  shape: z.ZodType<{ value: T[] }>,
  call: () => Promise<unknown>,
): Promise<T[]> {
  let answer: unknown
  try {
    answer = await call()
  } catch (error) {
    throw translateAvaTaxError(error, what, false)
  }
  // A 429 whose JSON lacks `error` resolves too.
  const parsed = shape.safeParse(answer)
  if (parsed.success) return parsed.data.value
  throw transient(
    `AvaTax answered with something that is no list, as it does when it is too busy: ${what}.`,
    {
      code: 'TAX-BUSY',
    },
  )
}
