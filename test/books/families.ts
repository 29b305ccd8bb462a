// The chapters of the table, in the order of their hundreds.
import type { Family } from './case.ts'
import { afterPosting } from './cases/after-posting.ts'
import { creditNotes } from './cases/credit-notes.ts'
import { disputes } from './cases/disputes.ts'
import { invoices } from './cases/invoices.ts'
import { payments } from './cases/payments.ts'
import { payouts } from './cases/payouts.ts'
import { refunds } from './cases/refunds.ts'
import { revenue } from './cases/revenue.ts'
import { tax } from './cases/tax.ts'

export const FAMILIES: readonly Family[] = [
  invoices,
  payments,
  creditNotes,
  refunds,
  afterPosting,
  disputes,
  payouts,
  tax,
  revenue,
]
