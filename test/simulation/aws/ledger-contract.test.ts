// The ledger's contract once more, on the DynamoDB of the simulation: what holds on the embedded one, and was seen to hold
// on others, holds here too.
import { vi } from 'vitest'

vi.stubEnv('DYNAMODB_CONTRACT_ENDPOINT', 'memory')
await import('../../contract/ledger.test.ts')
await import('../../contract/ledger-rows.test.ts')
