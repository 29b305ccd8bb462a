// Exemption certificates as AvaTax keeps them beside the documents. A sale is exempt by one when the customer code, the
// place of the tax and the date all match: https://help.avalara.com/Frequently_Asked_Questions/Exempt_customers_FAQ/Why_is_this_customer_not_being_exempt%3F
// https://developer.avalara.com/avatax/dev-guide/exemptions/exemption-certificate/
//
// Readings taken: an exposure zone names a US state or a country; a certificate without an expiration date holds for
// ever; exempting a part (exemptPercentage) is not simulated.
import * as z from 'zod'
import type { Place } from './addresses.ts'
import { AvaTaxRefused, required } from './errors.ts'
import type { TaxContent } from './rates.ts'

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T.*)?$/)
  .transform((value) => value.slice(0, 10))

const certificateModel = z.looseObject({
  signedDate: day,
  expirationDate: day.optional(),
  exemptionReason: z.looseObject({ name: z.string() }),
  exposureZone: z.looseObject({ name: z.string() }),
  exemptionNumber: z.string().optional(),
  customers: z.array(z.looseObject({ customerCode: z.string().max(50) })).default([]),
})

export type Certificate = z.infer<typeof certificateModel> & { id: number; valid: boolean; status: string }

export class Certificates {
  private readonly content: TaxContent
  private readonly all: Certificate[] = []

  constructor(content: TaxContent) {
    this.content = content
  }

  /** POST /companies/{id}/certificates takes a list. */
  create(input: unknown): Certificate[] {
    if (!Array.isArray(input)) throw required('certificates')
    return input.map((each) => {
      const parsed = certificateModel.safeParse(each)
      if (!parsed.success) throw required(parsed.error.issues[0]?.path.join('.') ?? 'certificate')
      const zone = parsed.data.exposureZone.name
      if (!this.regionOf(zone)) {
        throw new AvaTaxRefused('InvalidQueryValue', `Unknown exposure zone '${zone}'.`, {
          refersTo: 'exposureZone',
        })
      }
      const certificate = { ...parsed.data, id: this.all.length + 1, valid: true, status: 'ACTIVE' }
      this.all.push(certificate)
      return certificate
    })
  }

  /** GET /companies/{id}/customers/{customerCode}/certificates */
  of(customerCode: string): Certificate[] {
    return this.all.filter(({ customers }) => customers.some((each) => each.customerCode === customerCode))
  }

  /** The one by which a sale to this customer at this place and day is exempt. */
  find(customerCode: string, place: Place, taxDate: string): Certificate | undefined {
    return this.of(customerCode).find((certificate) => {
      const zone = this.regionOf(certificate.exposureZone.name)
      const here = zone?.country === place.country && (zone.region === '' || zone.region === place.region)
      const { signedDate, expirationDate = '9999-12-31' } = certificate
      return here && signedDate <= taxDate && taxDate <= expirationDate
    })
  }

  private regionOf(zone: string): { country: string; region: string } | undefined {
    const name = zone.toUpperCase()
    const state = Object.entries(this.content.states).find(([, each]) => each.name === name)
    if (state) return { country: 'US', region: state[0] }
    const country = Object.entries(this.content.countries).find(([, each]) => each.name === name)
    return country && { country: country[0], region: '' }
  }
}
