// Every deliberate break that the simulation must notice.
import { EDGES } from './edges.ts'
import { LEASES } from './leases.ts'
import type { Mutant } from './mutant.ts'
import { VERSIONS } from './versions.ts'
import { WRITES } from './writes.ts'

export const MUTANTS: readonly Mutant[] = [...VERSIONS, ...LEASES, ...WRITES, ...EDGES]
