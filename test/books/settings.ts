// The hub's configuration in the worked cases: hub.config.ts, with an account for everything that may move, and what a case
// changes of it.
import { defineHub, type HubConfig, type HubConfigInput } from '../../functions/connectors/hub.ts'
import localConfig from '../../hub.config.ts'
import { STAGE } from '../../local/hub/names.ts'

type NetSuiteSettings = Partial<NonNullable<HubConfigInput['connectors']['netsuite']>>
type AvalaraSettings = Partial<NonNullable<HubConfigInput['connectors']['avalara']>>

export interface Settings {
  netsuite?: NetSuiteSettings
  avalara?: AvalaraSettings
}

/** Everything that may move has an account; what is a choice is left at its default. */
const ACCOUNTS: NetSuiteSettings = {
  recoveryAccount: '611',
  shippingItem: '806',
  goodwillItem: '811',
  refundsWithoutCreditNote: 'park',
  creditItem: '801',
  customerBalance: { account: '213', item: '812', adjustmentAccount: '614' },
  billingCredits: { liabilityAccount: '212', revenueAccount: '412' },
  outOfBandAccounts: { USD: '131', EUR: '132', GBP: '133', JPY: '134', KWD: '135' },
  disputes: { receivableAccount: '141', feeAccount: '612', lossAccount: '613', exchangeAccount: '713' },
  payouts: {
    bankAccounts: { USD: '131', EUR: '132', GBP: '133', JPY: '134', KWD: '135' },
    feeAccount: '612',
  },
}

const LOCAL = localConfig(STAGE)

export type Configuration = HubConfig & {
  connectors: Required<Pick<HubConfig['connectors'], 'netsuite' | 'avalara'>>
}

/** @throws Error for settings that the hub would not start with. */
export function configOf(settings: Settings): Configuration {
  const { stage: _, ...base } = LOCAL
  const { netsuite, avalara } = defineHub(() => ({
    ...base,
    connectors: {
      netsuite: { ...base.connectors.netsuite, ...ACCOUNTS, ...settings.netsuite } as NonNullable<
        HubConfigInput['connectors']['netsuite']
      >,
      avalara: { ...base.connectors.avalara, ...settings.avalara } as NonNullable<
        HubConfigInput['connectors']['avalara']
      >,
    },
  }))(STAGE).connectors
  if (!netsuite || !avalara) throw new Error('hub.config.ts has no NetSuite or Avalara.')
  return { ...base, stage: STAGE, connectors: { netsuite, avalara } }
}
