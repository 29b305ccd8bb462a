// The composition root on AWS of the way through EventBridge.
import { createAccept } from '../../shared/intake/accept.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { manifestsOf } from '../connectors/registry.ts'
import { createIntakeHandler } from './handler.ts'

const runtime = awsRuntime(process.env)
const accept = createAccept({ ...runtime, manifests: manifestsOf(runtime.connectors) })

export const handler = createIntakeHandler({ ...runtime, accept })
