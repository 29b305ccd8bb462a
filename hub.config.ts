// The one file you edit: what this hub keeps in step, and how your names map to the vendors'. Credentials are not
// here; they live in Secrets Manager. A mistake stops `cdk synth` and the local hub with one sentence.
//
// These values fit the simulators of the local hub, so that everything works before you change anything. Replace them
// with your own; where stages differ, ask `stage`.
import { defineHub } from './functions/connectors/hub.ts'

const receivable = { USD: '111', EUR: '112', GBP: '113', JPY: '114', KWD: '115' }

export default defineHub((stage) => ({
  livemode: stage === 'production',

  // Your Stripe account. Events of any other account are rejected.
  stripe: { account: 'acct_1SwitchyardLocal0' },

  connectors: {
    salesforce: {
      // What happens to a Stripe customer for whom no Account is found: 'business', 'person' or 'never'.
      createAccounts: 'business',
    },

    netsuite: {
      account: 'TSTDRV1',
      // Documents are dated as your accountants' day goes; the same zone as avalara's, or the close names each that differs.
      timeZone: 'America/Los_Angeles',
      // Internal ids, as NetSuite shows them. What is missing parks the document with a hint that names it.
      subsidiaries: {
        us: { id: '1', currency: 'USD', receivable },
        eu: { id: '2', currency: 'EUR', receivable },
      },
      customerSubsidiary: { byCurrency: { EUR: 'eu', GBP: 'eu' }, default: 'us' },
      currencies: { USD: '1', EUR: '2', GBP: '3', JPY: '4', KWD: '5' },
      // Where Stripe holds your money until it pays out, one account a currency. Never Undeposited Funds.
      clearingAccounts: { USD: '121', EUR: '122', GBP: '123', JPY: '124', KWD: '125' },
      // Stripe product → item. A product's own metadata `netsuite_item` does the same without a deployment.
      items: {
        prod_team: '801',
        prod_business: '802',
        prod_enterprise: '803',
        prod_seats: '804',
        prod_usage: '805',
        prod_onboarding: '806',
        prod_support: '807',
      },
      writeOffItem: '810',
      tax: { mode: 'liability-item', item: '808' },
    },

    avalara: {
      companyCode: 'DEFAULT',
      sellerAddress: {
        line1: '548 Market Street',
        city: 'San Francisco',
        region: 'CA',
        postalCode: '94104',
        country: 'US',
      },
      timeZone: 'America/Los_Angeles',
      // SaaS, electronically delivered.
      taxCodes: { default: 'SW054000' },
    },

    lake: {},
  },
}))
