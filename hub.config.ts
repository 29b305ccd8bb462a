// The one file you edit: what this hub keeps in step, and how your names map to the vendors'. Credentials are not
// here; they live in Secrets Manager. A mistake stops `cdk synth` and the local hub with one sentence.
//
// These values fit the simulators of the local hub, so that everything works before you change anything. Replace them
// with your own; where stages differ, ask `stage`.
import { defineHub } from './functions/connectors/hub.ts'

const receivable = { USD: '111', EUR: '112', GBP: '113', JPY: '114', KWD: '115' }
const bankAccounts = { USD: '131', EUR: '132', GBP: '133', JPY: '134', KWD: '135' }

export default defineHub((stage) => ({
  livemode: stage === 'production',

  // Your Stripe account. Events of any other account are rejected.
  stripe: { account: 'acct_1SwitchyardLocal0' },

  connectors: {
    salesforce: {
      // What happens to a Stripe customer for whom no Account is found: 'business', 'person' or 'never'.
      createAccounts: 'business',
      // A Case for each, so that somebody looks: chargebacks, the card networks' warnings, Radar's reviews.
      cases: { disputes: true, fraudWarnings: true, reviews: true },
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
        // Posts to the liability that `billingCredits` names.
        prod_credits: '814',
      },
      shippingItem: '806',
      // Bad debt, and what comes in of it after all.
      writeOffItem: '810',
      recoveryAccount: '611',
      // A refund that no credit note explains: 'park' it until one does, or book it as goodwill, or as less revenue and tax.
      refundsWithoutCreditNote: 'goodwill',
      goodwillItem: '811',
      // What you owe customers outside any invoice, and what people change of it by hand.
      customerBalance: { account: '213', item: '812', adjustmentAccount: '614' },
      // Credits that were sold before they are used, and those that expire unused.
      billingCredits: { liabilityAccount: '212', revenueAccount: '412', breakageAccount: '412' },
      // Cheques and wires that somebody recorded in Stripe.
      outOfBandAccounts: bankAccounts,
      disputes: { receivableAccount: '141', feeAccount: '612', lossAccount: '613', exchangeAccount: '713' },
      payouts: { bankAccounts, feeAccount: '612' },
      // Who recognizes revenue: NetSuite, by the dates on the lines; or the hub, by monthly journals (functions/recognition).
      revenue: { mode: 'dates-on-lines' },
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

  // How it is deployed. All of this can be left out; each setting and its default: functions/connectors/deployment.ts.
  deployment: {
    // Stops `cdk deploy` under the credentials of another account: account: '111122223333', region: 'eu-central-1'.
    // What `cdk destroy` deletes: nothing that holds data.
    keepData: true,
    logRetentionDays: 90,
    api: { throttle: { ratePerSecond: 500, burst: 1_000 } },
    // Results of queries hold personal data.
    lake: { since: '2026-01-01', scanLimitGb: 100, resultDays: 7 },
    // Each costs something, so each is off: encryptionKey: 'customer', network: { vpc: 'new' }, edge: {},
    // eventSource: 'aws.partner/stripe.com/ed_…', lake.redshift: true.
  },

  // The console for people without an AWS login, behind your own OpenID provider; left out, none is deployed. The local hub
  // has it anyway. Groups are as the claim names them; whoever may replay may view.
  //   console: {
  //     issuer: 'https://login.example.com/', clientId: 'switchyard-console', rolesClaim: 'groups',
  //     roles: { view: ['billing-support'], replay: ['billing-operations'] },
  //   },
}))
