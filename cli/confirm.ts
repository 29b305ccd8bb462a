// Before anything acts on a live stage its name is typed: by --confirm, or when it is asked on a terminal. Acting on a stage
// by mistake is how most damage is done.
import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { Refusal } from './refusal.ts'

export interface Confirmation {
  stage: string
  isLive: boolean
  /** What was given as --confirm. */
  typed?: string
  /** What will be done: 'pauses netsuite'. */
  act: string
}

/** @throws Refusal unless the stage is no live one, or its name was typed. */
export async function confirmStage({ stage, isLive, typed, act }: Confirmation): Promise<void> {
  if (!isLive || typed === stage) return
  if (typed === undefined && process.stdin.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    const answer = await terminal.question(`This ${act} on ${stage}, which is live. Type the stage's name: `)
    terminal.close()
    if (answer.trim() === stage) return
  }
  throw new Refusal(
    `Nothing was done: this ${act} on ${stage}, which is live, and wants the stage typed: add --confirm ${stage} [STAGE-CONFIRM]`,
  )
}
