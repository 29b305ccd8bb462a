// A worked case: what happened in Stripe, and every document that must stand in NetSuite and AvaTax afterwards, written out
// by hand. How a line is to be read: README.md. Accounts and items are those of the simulated chart.
import type { Settings } from './settings.ts'
import type { Stage } from './stage.ts'

export interface BooksCase {
  /** Unique; its first digit is the family. */
  number: number
  /** One sentence for an accountant. */
  title: string
  /** What differs from the settings of all cases. */
  settings?: Settings
  happens(stage: Stage): Promise<void>
  /** Every transaction, in the order of posting. */
  netsuite: string[]
  /** Every document, in the order of recording. */
  avatax: string[]
  /** Tax by jurisdiction, where the case is about that. */
  jurisdictions?: string[]
  /** Accounts that are not even at the end, debits positive, where the case is about them. */
  balances?: string[]
  /** What `hub close` names for October and November, where they do not tie: '2026-10 tax tax-differs'. */
  close?: string[]
  /** What waits for a person: 'netsuite invoice in_1 NS-ITEM'. */
  parked?: string[]
}

/** A chapter of the table. */
export interface Family {
  title: string
  /** What these cases have in common, for the table's reader. */
  about: string
  cases: BooksCase[]
}
