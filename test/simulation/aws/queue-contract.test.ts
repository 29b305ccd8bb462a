// The queue's contract once more, on the SQS of the simulation: its queues are the embedded ones, behind other doors.
import { vi } from 'vitest'

vi.stubEnv('SQS_CONTRACT_ENDPOINT', 'memory')
await import('../../contract/queue.test.ts')
await import('../../contract/queue-message.test.ts')
