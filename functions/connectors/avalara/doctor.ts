// Whether the AvaTax account is as the connector needs it: the licence key, the company, the tax codes that hub.config.ts names,
// and a nexus, without which AvaTax calculates zero and says nothing.
import { examine, type Finding } from '../../../shared/doctor/finding.ts'
import { AvaTaxAccount } from './account.ts'
import { connectAvaTax } from './client.ts'
import type { AvalaraConfig, AvalaraCredentials } from './config.ts'

export interface AvalaraExamination {
  config: AvalaraConfig
  credentials: AvalaraCredentials
  livemode: boolean
}

const { ok, failed, unknown, look } = examine('avalara')

export async function examineAvalara({
  config,
  credentials,
  livemode,
}: AvalaraExamination): Promise<Finding[]> {
  const { companyCode } = config
  const signIn = await look('licence key', async () => {
    await connectAvaTax({ credentials, companyCode, livemode }).ping()
    return ok('licence key', String(credentials.environment))
  })
  if (signIn.some(({ verdict }) => verdict !== 'ok')) return signIn
  const account = new AvaTaxAccount(credentials)
  return [
    ...signIn,
    ...(await look('company', () => examineCompany(account, config))),
    ...(await look('tax codes', () => examineTaxCodes(account, config))),
  ]
}

async function examineCompany(
  account: AvaTaxAccount,
  { companyCode, sellerAddress }: AvalaraConfig,
): Promise<Finding[]> {
  const companies = await account.companies()
  const company = companies.find((each) => each.companyCode.toUpperCase() === companyCode.toUpperCase())
  if (!company)
    return [
      failed('company', {
        why: `There is no company ${companyCode}; there is ${companies.map((each) => each.companyCode).join(', ') || 'none'}. No tax can be calculated.`,
        next: 'Engineering: hub.config.ts → avalara.companyCode: the code of Settings → Company in AvaTax.',
        code: 'TAX-COMPANY',
      }),
    ]
  if (company.isActive === false)
    return [
      failed('company', {
        why: `The company ${companyCode} is inactive.`,
        next: 'Avalara admin: activate it, then run hub doctor.',
        code: 'TAX-COMPANY',
      }),
    ]
  return [
    ok('company', companyCode),
    ...(await look('nexus', async () => {
      const nexus = await account.nexus(company.id)
      const places = new Set(nexus.map(({ country, region }) => `${country}${region ? `-${region}` : ''}`))
      if (nexus.length === 0)
        return failed('nexus', {
          why: 'The company has no nexus: AvaTax would calculate zero everywhere, and say nothing.',
          next: 'Tax department: Settings → Where you collect tax, in AvaTax.',
          code: 'TAX-NEXUS',
        })
      const { country, region } = sellerAddress
      if (nexus.some((each) => each.country === country && (!region || each.region === region)))
        return ok('nexus', `${places.size} places, the seller's among them`)
      return unknown('nexus', {
        why: `There are ${places.size} places, and the seller's own (${country}${region ? `-${region}` : ''}) is not among them. Sales there bear no tax.`,
        next: 'Tax department: Settings → Where you collect tax, in AvaTax; or leave it, if that is meant.',
        code: 'TAX-NEXUS',
      })
    })),
  ]
}

async function examineTaxCodes(
  account: AvaTaxAccount,
  { taxCodes: { byProduct, byStripeTaxCode, default: usual, untaxedCredit } }: AvalaraConfig,
): Promise<Finding[]> {
  const named = new Map<string, string>()
  const name = (code: string | undefined, path: string) => {
    if (code !== undefined && !named.has(code)) named.set(code, path)
  }
  name(usual, 'default')
  name(untaxedCredit, 'untaxedCredit')
  for (const [product, code] of Object.entries(byProduct)) name(code, `byProduct["${product}"]`)
  for (const [stripe, code] of Object.entries(byStripeTaxCode)) name(code, `byStripeTaxCode["${stripe}"]`)
  const known = new Set(await account.knownTaxCodes([...named.keys()]))
  const wrong = [...named].filter(([code]) => !known.has(code))
  if (wrong.length === 0) return [ok('tax codes', `${named.size} named, all known`)]
  return wrong.map(([code, path]) =>
    failed(`tax code ${code}`, {
      why: `hub.config.ts → avalara.taxCodes.${path} is ${code}, which AvaTax does not know: such a line would be taxed as ordinary goods.`,
      next: 'Tax department: the code of taxcode.avatax.avalara.com; engineering: hub.config.ts. Then run hub doctor.',
      code: 'TAX-CODE',
    }),
  )
}
