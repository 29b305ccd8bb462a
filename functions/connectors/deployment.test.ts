// What a mistake in the part `deployment` gets, through the same check as the rest of hub.config.ts.
import { expect, it } from 'vitest'
import { defineHub, type HubConfigInput } from './hub.ts'

const problemOf = (part: Partial<Record<keyof HubConfigInput, unknown>>): string => {
  const config = { livemode: false, stripe: { account: 'acct_1' }, connectors: {}, ...part }
  try {
    defineHub(() => config as HubConfigInput)('staging')
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

it('needs nothing', () => {
  expect(problemOf({})).toBe('')
  expect(problemOf({ deployment: {} })).toBe('')
})

it.each([
  [
    { deployment: { region: 'frankfurt' } },
    'hub.config.ts → deployment.region (stage staging): an AWS region, for example "eu-central-1"',
  ],
  [
    { deployment: { account: 111122223333 } },
    'hub.config.ts → deployment.account (stage staging): Invalid input: expected string, received number',
  ],
  [
    { deployment: { logRetentionDays: 91 } },
    /deployment\.logRetentionDays \(stage staging\): one of 1, 3, .*90, 120/,
  ],
  [{ deployment: { edge: {} } }, /deployment\.region \(stage staging\): a region must be written here/],
  [{ deployment: { eventSource: 'ed_1' } }, /deployment\.eventSource .*aws\.partner\/stripe\.com\/ed_…/],
  [{ deployment: { network: { vpc: 'old' } } }, /deployment\.network\.vpc .*either "new", or \{ id: "vpc-…"/],
  [
    { deployment: { api: { routes: { '/stripe/webhook': { ratePerSecond: 1, burst: 1 } } } } },
    /a route, for example "POST \/stripe\/webhook"/,
  ],
  [
    { deployment: { kepData: false } },
    'hub.config.ts → deployment (stage staging): there is no setting "kepData"; look at how it is spelled',
  ],
  [
    { connectors: { hubspot: {} } },
    'hub.config.ts → connectors (stage staging): there is no connector "hubspot"; there are salesforce, netsuite, avalara, lake',
  ],
])('says what to write where: %j', (part, sentence) => {
  expect(problemOf(part)).toMatch(sentence)
})
