// A run's progress on disk, so that one of an hour can be stopped and taken up again. Written whole to a neighbour
// first: a run that is cut off while it writes leaves the file of a moment before.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import { FAULT_KINDS } from '../faults/kinds.ts'
import { tallySchema } from './tally.ts'

const progressSchema = z.object({
  v: z.literal(1),
  /** Seeds from `from` to `to`, both included. */
  from: z.number(),
  to: z.number(),
  /** Only these faults; absent: all. */
  faults: z.array(z.enum(FAULT_KINDS)).optional(),
  done: z.array(z.tuple([z.number(), z.number()])),
  seconds: z.number(),
  tally: tallySchema,
})
export type Progress = z.infer<typeof progressSchema>

export function writeProgress(file: string, progress: Progress): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(progress))
  renameSync(`${file}.new`, file)
}

/** @returns undefined: there is no such file. @throws a sentence when it is no progress of a simulation. */
export function readProgress(file: string): Progress | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    return progressSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(
      `${file} is not the progress of a simulation of this version. Remove it, or name another file.`,
      {
        cause,
      },
    )
  }
}
