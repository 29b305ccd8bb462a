// Every fault that a history can meet, by name. A fault that no history of a long run ever met is a failure of the
// simulation, so each name here is counted where it really happens.

export const FAULTS = {
  'webhook-duplicated': 'Stripe delivers the same event twice',
  'webhook-delayed': 'a delivery arrives minutes later than its neighbours',
  'webhook-shuffled': 'deliveries of one moment arrive in another order',
  'webhook-lost': 'a delivery never arrives; only the list of events still has it',
  'one-second': 'all that a customer does happens in one second',
  'long-invoice': 'an invoice of more than ten lines: its events carry ten',
  'impossible-record': 'a record that a vendor will never take',
  'ingest-killed': 'the process dies at an await of ingest',
  'worker-killed': 'the process dies at an await of a delivery',
  'worker-frozen': 'a worker stands still until its lease is lost, and lives on',
  'sweep-killed': 'the process dies at an await of the sweep',
  'out-of-memory': 'an object that kills whoever works on it',
  'clock-skew': 'workers disagree about the time',
  deployment: 'a deployment changes a mapping in mid-stream',
  'sqs-redelivered': 'a message comes again while its first worker still runs',
  'sqs-repeated': 'a batch that was worked comes again: its deletion was lost',
  'sqs-split': 'a batch comes in pieces',
  'sqs-send-failed': 'SQS refuses a send, or takes it and does not say so',
  'ledger-throttled': 'DynamoDB throttles a call',
  'ledger-unprocessed': 'DynamoDB does a part of a batch only',
  'ledger-timeout-before': 'DynamoDB does not answer, and did nothing',
  'ledger-timeout-after': 'DynamoDB does not answer, and did it',
  'ledger-condition-failed': 'a conditional write finds that somebody was there before',
  'bucket-failed': 'S3 refuses, or does it and does not say so',
  'rate-limited': 'a vendor answers 429',
  'rate-limited-retry-after': 'a vendor answers 429 and says for how long',
  'server-error': 'a vendor answers 500',
  'connection-reset': 'the connection to a vendor is cut before anything was done',
  'timeout-before': 'a vendor does not answer, and did nothing',
  'timeout-after': 'a vendor does not answer, and did it',
  'late-write': 'a write lands minutes after its client gave up on it',
  'partial-success': 'a vendor takes a part of a batch only',
  'record-locked': 'a vendor’s record is locked by somebody else',
  'credential-expired': 'a vendor refuses the session',
  'credential-revoked': 'a vendor refuses every sign-in for a while',
  'vendor-down': 'a vendor is down for hours',
  'two-vendors-down': 'two vendors are down at once, the others work',
  'late-disable': 'the switching-off of an event source lands after its switching-on',
} as const

export type FaultKind = keyof typeof FAULTS

export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[]

export const isFaultKind = (name: string): name is FaultKind => name in FAULTS
