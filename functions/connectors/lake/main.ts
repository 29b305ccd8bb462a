// The lake's composition root on AWS.
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { withCurrentSecrets } from '../../../shared/runtime/current-secrets.ts'
import { createStripeReader } from '../../../shared/stripe/access.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createLakeHandler } from './handler.ts'
import { createFetchWhole, createLake } from './lake.ts'

const runtime = awsRuntime(process.env)

export const handler = await withCurrentSecrets(runtime, ['stripe'], (address) => {
  const fetchWhole = createFetchWhole(createStripeReader(createStripeClient(stripeAddress(address))))
  return createLakeHandler({ ...runtime, lake: createLake({ ...runtime, fetchWhole }) })
})
