// Chapters 1 to 4 of the table: what is sold, paid, credited and refunded.
import { FAMILIES } from './families.ts'
import { playCases } from './play-cases.ts'

playCases(FAMILIES.slice(0, 4))
