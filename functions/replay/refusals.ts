// Why a replay was not carried out. Each says that nothing was sent, and what to do.
import { minuteOf } from '../../shared/calendar.ts'
import type { ActRow } from '../../shared/ledger/plans.ts'
import type { Refusal } from '../../shared/page/respond.ts'

export const ELSEWHERE: Refusal = {
  what: 'This did not come from a page of the console. Nothing was replayed, and nothing noted.',
  next: 'Open the page Parked, and preview the replay there.',
  code: 'REPLAY-ORIGIN',
}
export const METHOD: Refusal = {
  what: 'A replay is asked for with the form of its preview. Nothing was replayed.',
  next: 'Open the page Parked.',
  code: 'REPLAY-METHOD',
}
export const NOBODY: Refusal = {
  what: 'You are not signed in any more. Nothing was replayed.',
  next: 'Open the page Parked, sign in, and preview the replay again.',
  code: 'CONSOLE-SIGN-IN',
}
export const ROLE: Refusal = {
  what: 'You are signed in, and may not replay. Nothing was replayed.',
  next: 'Whoever runs your sign-in: give the group that hub.config.ts → console.roles.replay names.',
  code: 'CONSOLE-ROLE',
}
export const FORM: Refusal = {
  what: 'The form is larger than any form of the console. Nothing was replayed.',
  next: 'Preview the replay again.',
  code: 'REPLAY-FORM',
}
export const REASON: Refusal = {
  what: 'A replay wants a reason of 5 to 200 characters. Nothing was replayed.',
  next: 'Go back and say why; the preview is still good.',
  code: 'REPLAY-REASON',
}
export const NONCE: Refusal = {
  what: "This preview was used already, is older than a quarter of an hour, or is somebody else's. Nothing was replayed by this.",
  next: 'Preview it again: the page shows what is parked now.',
  code: 'REPLAY-NONCE',
}
export const FILTER: Refusal = {
  what: 'The plan names nothing to choose by. Nothing was replayed.',
  next: 'Preview it again from the page Parked.',
  code: 'REPLAY-WHAT',
}
export const CHANGED: Refusal = {
  what: 'What the plan covers has changed since its preview: an object more, less, or tried meanwhile. Nothing was replayed.',
  next: 'Preview it again and look at what it covers now.',
  code: 'REPLAY-CHANGED',
}

export const stageNotTyped = (stage: string): Refusal => ({
  what: `This hub is live, and the stage was not typed. Nothing was replayed.`,
  next: `Go back and type ${stage}; the preview is still good.`,
  code: 'REPLAY-STAGE',
})

export const alreadyDone = ({ atMs, actor, count }: ActRow): Refusal => ({
  what: `Just this was done already: ${count} by ${actor} at ${minuteOf(atMs)} UTC. Nothing was replayed again.`,
  next: 'Nothing of it was taken into hand since. If it stays so for minutes, Engineering: look whether the lane is paused.',
  code: 'REPLAY-DONE',
})

export const notSignedIn = (message: string): Refusal => ({
  what: `${message} Nothing was replayed.`,
  next: 'Go back and try again in a minute; the preview is good for a quarter of an hour.',
  code: 'CONSOLE-PROVIDER',
})

export const brokeOff = (message: string): Refusal => ({
  what: `${message} Some were told to be tried again, and not all. Nothing was changed in any system by that.`,
  next: 'Preview it again and replay the rest; whoever is told twice is tried at the newest state, which does no harm.',
  code: 'REPLAY-BROKE-OFF',
})

export const NOTE_REASON: Refusal = {
  what: 'A note wants a reason of 5 to 200 characters. Nothing was noted.',
  next: 'Go back and say why.',
  code: 'NOTE-REASON',
}
export const NOTE: Refusal = {
  what: 'A note says which cause it is on, and what: in whose hands, for how long set aside. Nothing was noted.',
  next: 'Go back and fill the form in.',
  code: 'NOTE-WHAT',
}
export const NOTE_LOST: Refusal = {
  what: 'Somebody else noted something on this cause meanwhile. Nothing was noted by this.',
  next: 'Open the page Parked, read their note, and decide again.',
  code: 'NOTE-LOST',
}
