// One customer for everything that money does beyond being invoiced and paid: bank debits that come back, parts and too
// much, credit, disputes, what follows a void or a write-off, shipping, tax inside the price. Each is a short story in days
// of the month, told to Stripe through its API; what banks, card networks and Stripe itself do is told to the simulator.
import type { Case } from './case-hand.ts'
import { CORRECTIONS } from './cases/corrections.ts'
import { PAYMENTS } from './cases/payments.ts'
import { SALES } from './cases/sales.ts'

export const CASES: readonly Case[] = [...PAYMENTS, ...CORRECTIONS, ...SALES]
