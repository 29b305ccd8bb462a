// GET /definitions/taxcodes: the tax codes that AvaTax knows, by a filter on `taxCode`. A few of the real list stand here; the
// simulated calculation does not go by them. The SDK's note on listTaxCodes; filters as
// https://developer.avalara.com/avatax/filtering-in-rest/ describes them. Names from https://taxcode.avatax.avalara.com.
import { AvaTaxRefused } from './errors.ts'

const KNOWN: Readonly<Record<string, string>> = {
  NT: 'Non-taxable product',
  P0000000: 'Tangible personal property',
  FR020100: 'Shipping only: common carrier',
  SW054000: 'Cloud services, SaaS: service agreement, business use',
  SW052000: 'Computer software, prewritten, electronically downloaded',
  S0000000: 'Services, general',
}

const FILTER = /^\s*taxCode\s+(?:eq\s+(?<one>'[^']*')|in\s*\((?<list>[^)]*)\))\s*$/i

export function listTaxCodes(filter: string | undefined): object[] {
  const all = Object.entries(KNOWN).map(([taxCode, description], index) => ({
    id: index + 1,
    companyId: 1,
    taxCode,
    taxCodeTypeId: taxCode.charAt(0),
    description,
    isActive: true,
    isSSTCertified: false,
  }))
  if (filter === undefined) return all
  const { one, list } = FILTER.exec(filter)?.groups ?? {}
  if (one === undefined && list === undefined)
    throw new AvaTaxRefused('SyntaxError', `The filter cannot be read at '${filter}'.`)
  const wanted = new Set((one ?? list ?? '').split(',').map((code) => code.trim().replace(/^'(.*)'$/, '$1')))
  return all.filter(({ taxCode }) => wanted.has(taxCode))
}
