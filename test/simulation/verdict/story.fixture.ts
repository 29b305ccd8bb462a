// A few hours in one Stripe account with something of each kind: money that goes both ways, deletions, an address that
// AvaTax cannot find, and a product that nobody mapped to NetSuite with a credit note that must wait for it.
import type { ObjectRef } from '../../../shared/connector/contract.ts'
import { BERLIN, type Stage } from '../../scenario/stage.ts'

export interface Told {
  acorn: string
  birke: string
  paid: string
  open: string
  voided: string
  refund: string
  /** Deleted in Stripe. */
  gone: string
  droppedDraft: string
  impossible: { connector: string; ref: ObjectRef; code: string }[]
  /** Parked in NetSuite because `impossible` is. */
  waitingNote: string
}

export async function tell(stage: Stage): Promise<Told> {
  const { stripe } = stage
  await stripe.products.create({ id: 'prod_unmapped', name: 'Nobody mapped it' })
  const acorn = await stage.customer()
  const birke = await stage.customer({ name: 'Birke GmbH', email: 'rechnung@birke.example', address: BERLIN })
  const lost = await stage.customer({
    email: 'lost@nowhere.example',
    address: { ...BERLIN, city: 'Berlinn' },
  })
  const gone = await stage.customer({ name: 'Gone Inc', email: 'last@gone.example' })
  const leaver = await stage.customer({ name: 'Leaver Inc', email: 'bye@leaver.example' })
  const paid = await stage.bill(acorn, [{ unit: 10_000 }, { unit: 2_550, quantity: 2 }])
  const open = await stage.bill(birke, [{ unit: 119_000 }], { currency: 'eur' })
  const voided = await stage.bill(acorn, [{ unit: 7_000 }])
  const unmapped = await stage.bill(acorn, [{ unit: 5_000, product: 'prod_unmapped' }])
  const untaxable = await stage.bill(lost, [{ unit: 3_000 }])
  const droppedDraft = await stage.bill(lost, [{ unit: 100 }])
  await stage.bill(
    leaver,
    Array.from({ length: 12 }, (_, n) => ({ unit: 100 + n })),
  )
  await stage.play(1)
  await stripe.invoices.pay(paid)
  await stripe.invoices.voidInvoice(voided)
  await stripe.invoices.del(droppedDraft)
  await stripe.customers.del(gone.id)
  await stripe.customers.del(leaver.id)
  await stage.play(1)
  await stage.creditFirstLine(open)
  const note = await stage.creditFirstLine(paid, { refund_amount: 10_975 })
  const waiting = await stage.creditFirstLine(unmapped)
  await stage.settle()
  return {
    acorn: acorn.id,
    birke: birke.id,
    paid,
    open,
    voided,
    refund: idOf(note.refunds[0]?.refund),
    gone: gone.id,
    droppedDraft,
    impossible: [
      { connector: 'avalara', ref: { type: 'invoice', id: untaxable }, code: 'TAX-ADDR' },
      { connector: 'netsuite', ref: { type: 'invoice', id: unmapped }, code: 'NS-ITEM' },
    ],
    waitingNote: waiting.id,
  }
}

const idOf = (value: string | { id: string } | undefined): string =>
  (typeof value === 'string' ? value : value?.id) ?? ''
