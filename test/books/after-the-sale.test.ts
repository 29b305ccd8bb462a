// Chapters 5 and on of the table: life after posting, disputes, payouts, tax, revenue.
import { FAMILIES } from './families.ts'
import { playCases } from './play-cases.ts'

playCases(FAMILIES.slice(4))
