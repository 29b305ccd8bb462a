import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLake } from '../../../functions/connectors/lake/lake.ts'
import { systemClock } from '../../../shared/clock.ts'
import { parseEvent } from '../../../shared/stripe/event.ts'
import { startS3 } from '../../aws/s3.ts'
import { readLake } from './lake.ts'
import type { Reading } from './reading.ts'

const invoice = { currency: 'kwd', customer: 'cus_1', total: 12340, total_excluding_tax: 11110 }
const amounts = {
  amount_paid: 12340,
  amount_remaining: 0,
  pre_payment_credit_notes_amount: 10,
  post_payment_credit_notes_amount: 5000,
}
const OBJECTS = [
  { id: 'cus_1', object: 'customer' },
  { id: 'sub_1', object: 'subscription', status: 'past_due', customer: 'cus_1' },
  {
    id: 'in_paid',
    object: 'invoice',
    status: 'paid',
    ...invoice,
    ...amounts,
    status_transitions: { finalized_at: 1_793_000_000 },
  },
  {
    id: 'in_draft',
    object: 'invoice',
    status: 'draft',
    ...invoice,
    ...amounts,
    status_transitions: { finalized_at: null },
  },
  {
    id: 'inpay_1',
    object: 'invoice_payment',
    status: 'paid',
    currency: 'kwd',
    amount_paid: 12340,
    invoice: 'in_paid',
  },
  {
    id: 'inpay_open',
    object: 'invoice_payment',
    status: 'open',
    currency: 'kwd',
    amount_paid: null,
    invoice: 'in_draft',
  },
  { id: 're_1', object: 'refund', status: 'succeeded', currency: 'jpy', amount: 501 },
  {
    id: 'cn_1',
    object: 'credit_note',
    status: 'issued',
    currency: 'kwd',
    total: 5010,
    total_excluding_tax: 4510,
    invoice: 'in_paid',
    customer: 'cus_1',
  },
]

let root: string
let reading: Reading

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'lake-reading-'))
  const embedded = await startS3({ clock: systemClock, root })
  await embedded.createBucket('lake')
  const s3 = new S3Client({
    region: 'eu-central-1',
    endpoint: embedded.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const lake = createLake({ s3, bucket: 'lake', clock: systemClock })
  const entries = OBJECTS.map((object, index) => {
    const parsed = parseEvent(
      JSON.stringify({
        id: `evt_${index}`,
        object: 'event',
        type: `${object.object}.updated`,
        created: 1_793_000_000 + index,
        api_version: '2026-10-28.endive',
        livemode: false,
        data: { object },
      }),
    )
    if (!('event' in parsed)) throw new Error(parsed.unusable)
    return { event: parsed.event, receivedAtMs: 1_793_000_000_000 }
  })
  await lake.append([...entries, ...entries.slice(4)])
  s3.destroy()
  await embedded.close()
  reading = await readLake(join(root, 'lake'))
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

it('reads every object once, in minor units and upper-case currencies', () => {
  const facts = {
    currency: 'KWD',
    totalMinor: 12340n,
    taxMinor: 1230n,
    paidMinor: 12340n,
    openMinor: 0n,
    creditedMinor: 5010n,
    customer: 'cus_1',
  }
  expect(reading.invoices).toEqual(
    new Map([
      ['in_paid', { ...facts, status: 'paid', issued: true }],
      ['in_draft', { ...facts, status: 'draft', issued: false }],
    ]),
  )
  expect(reading).toMatchObject({
    customers: new Map([['cus_1', { state: 'alive' }]]),
    subscriptions: new Map([['sub_1', { status: 'past_due', customer: 'cus_1' }]]),
    payments: new Map([['inpay_1', { currency: 'KWD', amountMinor: 12340n, invoice: 'in_paid' }]]),
    refunds: new Map([['re_1', { currency: 'JPY', amountMinor: 501n, status: 'succeeded' }]]),
    creditNotes: new Map([
      [
        'cn_1',
        {
          currency: 'KWD',
          amountMinor: 5010n,
          taxMinor: 500n,
          status: 'issued',
          invoice: 'in_paid',
          customer: 'cus_1',
        },
      ],
    ]),
    duplicates: [],
    records: 7,
  })
})

it('adds up', () => {
  expect(reading.totals).toEqual({
    KWD: { invoicedMinor: 12340n, taxMinor: 1230n, paidMinor: 12340n, creditedMinor: 5010n },
    JPY: { refundedMinor: 501n },
  })
})
