// A lane's Lambda handler, composed as the connector's own main.ts does it, around a connector that talks to simulators.
import type { S3Client } from '@aws-sdk/client-s3'
import type Stripe from 'stripe'
import { createLakeHandler } from '../../functions/connectors/lake/handler.ts'
import { createFetchWhole, createLake } from '../../functions/connectors/lake/lake.ts'
import { createProjectionHandler } from '../../functions/connectors/projection-handler.ts'
import type { Connector } from '../../shared/connector/contract.ts'
import type { Runtime } from '../../shared/runtime/runtime.ts'
import { createStripeReader } from '../../shared/stripe/access.ts'
import { LAKE_BUCKET } from './names.ts'

export interface LaneHandlerOptions {
  runtime: Runtime
  stripe: Stripe
  s3: S3Client
  livemode: boolean
  /** Of every lane but the lake's. */
  connector: () => Connector
}

export function createLaneHandler(
  name: string,
  { runtime, stripe, s3, livemode, connector }: LaneHandlerOptions,
) {
  if (name !== 'lake') return createProjectionHandler(runtime, connector(), stripe)
  const fetchWhole = createFetchWhole(createStripeReader(stripe))
  const lake = createLake({ s3, bucket: LAKE_BUCKET, clock: runtime.clock, fetchWhole })
  return createLakeHandler({ ...runtime, lake, livemode })
}
