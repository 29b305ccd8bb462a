// What hub.config.ts may not say of two connectors at once.
import { expect, test } from 'vitest'
import localConfig from '../../hub.config.ts'
import { defineHub, type HubConfigInput } from './hub.ts'

type Netsuite = NonNullable<HubConfigInput['connectors']['netsuite']>
type Avalara = NonNullable<HubConfigInput['connectors']['avalara']>

const load = (netsuite: Partial<Netsuite>, avalara: Partial<Avalara>) =>
  defineHub((stage) => {
    const { stage: _, ...base } = localConfig(stage)
    return {
      ...base,
      connectors: {
        netsuite: { ...base.connectors.netsuite, ...netsuite } as Netsuite,
        avalara: { ...base.connectors.avalara, ...avalara } as Avalara,
      },
    }
  })('local')

const RETURN = { refundsWithoutCreditNote: { policy: 'return', since: '2026-10-01' } } as const
const TAX_BACK = { refundsWithoutCreditNote: 'revenue-and-tax' } as const

test('the tax of refunds without a credit note is taken back in the books and in AvaTax, or in neither', () => {
  expect(load(TAX_BACK, RETURN).connectors.avalara?.refundsWithoutCreditNote).toEqual(
    RETURN.refundsWithoutCreditNote,
  )
  expect(load({}, {}).connectors.avalara?.refundsWithoutCreditNote).toEqual({ policy: 'leave' })
  expect(() => load(TAX_BACK, {})).toThrow(
    "hub.config.ts → connectors.avalara.refundsWithoutCreditNote (stage local): netsuite takes the tax of refunds without a credit note back, and AvaTax would keep it: write { policy: 'return', since: 'YYYY-MM-DD' }.",
  )
  expect(() => load({}, RETURN)).toThrow(
    "hub.config.ts → connectors.netsuite.refundsWithoutCreditNote (stage local): avalara returns the tax of refunds without a credit note, and the books would keep it: write 'revenue-and-tax'.",
  )
})
