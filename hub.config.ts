// The one file you edit: what this hub keeps in step, and how your names map to the vendors'. Credentials are not
// here; they live in Secrets Manager. A mistake stops `cdk synth` and `hub doctor` with one sentence.
//
// `local` is the laptop: its values fit the simulators. Copy them for a stage of yours and put your own ids in.
import { defineHub } from './functions/connectors/hub.ts'

export default defineHub((stage) => ({
  livemode: stage === 'production',
  // Your Stripe account. Events of any other account are rejected.
  stripe: { account: 'acct_1SwitchyardLocal' },
  connectors: {
    salesforce: {
      // What happens to a Stripe customer for whom no Account is found: 'business', 'person' or 'never'.
      createAccounts: 'business',
    },
    netsuite: {
      account: 'TSTDRV1',
      subsidiaries: {},
      currencies: {},
      clearingAccounts: {},
      tax: { mode: 'liability-item', item: '0' },
    },
    avalara: {
      companyCode: 'DEFAULT',
      sellerAddress: { country: 'US' },
      timeZone: 'America/New_York',
    },
    lake: {},
  },
}))
