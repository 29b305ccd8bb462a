// The lake's composition root on AWS.
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { createStripeReader } from '../../../shared/stripe/access.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createLakeHandler } from './handler.ts'
import { createFetchWhole, createLake } from './lake.ts'

const runtime = awsRuntime(process.env)
const stripe = createStripeClient(stripeAddress(await runtime.secret('stripe')))
const lake = createLake({ ...runtime, fetchWhole: createFetchWhole(createStripeReader(stripe)) })

export const handler = createLakeHandler({ ...runtime, lake })
