// The chapters of the table, in the order of their hundreds.
import type { Family } from './case.ts'
import { creditNotes } from './cases/credit-notes.ts'
import { invoices } from './cases/invoices.ts'
import { payments } from './cases/payments.ts'

export const FAMILIES: readonly Family[] = [invoices, payments, creditNotes]
