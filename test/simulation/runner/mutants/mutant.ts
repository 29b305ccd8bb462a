// A deliberate break of the hub, as an edit of its source: somebody's plausible mistake. Where two lines of defence
// guard one promise, both are taken away: either alone would hold, and that is no gap of the simulation.

import type { FaultKind } from '../../faults/kinds.ts'

export interface Edit {
  /** From the root of the repository. */
  file: string
  /** Exact text that occurs there once. */
  find: string
  replace: string
}

export interface Mutant extends Edit {
  name: string
  /** What it breaks, in a sentence. */
  promise: string
  and?: readonly Edit[]
  /** Only these faults: those that the break needs, so that few histories are enough. Absent: what each seed chooses. */
  faults?: readonly FaultKind[]
}

export const editsOf = ({ file, find, replace, and = [] }: Mutant): Edit[] => [
  { file, find, replace },
  ...and,
]

/** @throws a sentence that names the file when the source has moved on and the edit no longer fits. */
export function applyEdit(source: string, { file, find, replace }: Edit, name: string): string {
  const parts = source.split(find)
  if (parts.length !== 2) {
    throw new Error(
      `The mutant ${name} fits ${file} ${parts.length - 1} times instead of once. Look at that file, and bring the mutant's "find" up to date:\n${find}`,
    )
  }
  return parts.join(replace)
}
