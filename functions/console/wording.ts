// The console's words and colours for states: the ledger's own words, good is green, bad is red, and everything that is not
// known or not at rest is grey.
import { html } from 'hono/html'
import type { Html } from '../../shared/page/page-frame.ts'
import { ageText } from '../../shared/page/wording.ts'
import type { LaneState } from '../../shared/trace/lanes.ts'
import type { StandingState } from '../../shared/trace/timeline.ts'

export type Look = 'ties' | 'differs' | 'unknown'

const LOOKS: Readonly<Record<LaneState | StandingState, Look>> = {
  'in step': 'ties',
  parked: 'differs',
  paused: 'differs',
  waiting: 'unknown',
  working: 'unknown',
  deleted: 'unknown',
  nothing: 'unknown',
  unknown: 'unknown',
}

const WORDS: Readonly<Record<LaneState | StandingState, string>> = {
  'in step': 'in step',
  parked: 'parked',
  paused: 'paused',
  waiting: 'waiting',
  working: 'on its way',
  deleted: 'deleted',
  nothing: 'nothing delivered',
  unknown: 'not known',
}

export const lookOf = (state: LaneState | StandingState): Look => LOOKS[state]

export const stateBadge = (state: LaneState | StandingState): Html =>
  html`<span class="state ${LOOKS[state]}">${WORDS[state]}</span>`

/** '18 min', '5 h', '3 d'. */
export function agoText(fromMs: number, nowMs: number): string {
  const minutes = Math.max(0, Math.floor((nowMs - fromMs) / 60_000))
  return minutes < 1 ? 'under a minute' : minutes < 60 ? `${minutes} min` : ageText(Math.floor(minutes / 60))
}

export const countText = ({ count: number, isMore }: { count: number; isMore: boolean }): string =>
  isMore ? `more than ${number}` : String(number)

/** Stripe tells times by the second, and several things happen in a minute. */
export const secondText = (seconds: number, timeZone: string): string =>
  new Date(seconds * 1000).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone,
  })
