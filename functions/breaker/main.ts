// The breaker's composition root on AWS; EventBridge Scheduler calls it every minute.
import { LambdaClient } from '@aws-sdk/client-lambda'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { manifestsOf } from '../connectors/registry.ts'
import { awsLanes, type LaneAddresses } from './aws-lanes.ts'
import { runBreaker } from './breaker.ts'

const runtime = awsRuntime(process.env)
const addresses = JSON.parse(process.env.HUB_LANES ?? '{}') as LaneAddresses
const lanes = awsLanes(new LambdaClient({}), manifestsOf(runtime.connectors), addresses)

export const handler = () => runBreaker({ ...runtime, lanes })
