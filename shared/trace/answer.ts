// The answer to "why is this like this?", in words, from a trace: what stands in the way, why, who has to act, what next. The
// worst standing gives it; the others are told beside it.
import { ownerOf } from '../close/troubles.ts'
import type { Standing, StandingState, Trace } from './timeline.ts'

export interface Answer {
  state: StandingState
  headline: string
  /** Sentences: why, and what did not happen. */
  why: string[]
  /** Given where somebody has to act, or nobody needs to. */
  owner?: string
  next?: string
  code?: string
  /** The vendor's own words. */
  detail?: string
}

/** Worst first. */
const ORDER: readonly StandingState[] = ['parked', 'waiting', 'working', 'nothing', 'in step', 'deleted']

/** @param name as people call it: the invoice's number, else the id. */
export function answerOf({ object, systems }: Trace, name: string = object.id): Answer {
  const worst = [...systems].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))[0]
  if (!worst) {
    return {
      state: 'nothing',
      headline: `No system keeps ${named(object.type)} objects.`,
      why: ['None of the connectors that are switched on writes a record for it.'],
    }
  }
  if (worst.state === 'parked' || worst.state === 'waiting') return troubled(worst, systems, name)
  if (worst.state === 'working') {
    return {
      state: 'working',
      headline: `${name} is being worked on for ${worst.system}.`,
      why: [
        'A worker has it in hand right now, or had when it died; then another takes over within minutes.',
      ],
      owner: 'nobody: it goes on by itself',
    }
  }
  return settled(systems, name)
}

function troubled(worst: Standing, systems: readonly Standing[], name: string): Answer {
  const { system, trouble, hint = '', state } = worst
  const others = systems.filter(({ state: each }) => each === 'parked' || each === 'waiting').length - 1
  return {
    state,
    headline:
      state === 'parked'
        ? `${name} is not in step in ${system}.`
        : `${name} is on its way to ${system}, and was held up.`,
    why: [
      sentence(withoutHead(trouble?.reason ?? worst.standing)),
      ...(others > 0
        ? [`${others === 1 ? 'One more system waits' : `${others} more systems wait`}: see below.`]
        : []),
    ],
    owner: ownerOf({ hint, status: state === 'parked' ? 'parked' : 'waiting' }),
    next: hint,
    ...(trouble && { code: trouble.code }),
    ...(trouble?.detail !== undefined && { detail: trouble.detail }),
  }
}

function settled(systems: readonly Standing[], name: string): Answer {
  const of = (state: StandingState) => systems.filter((each) => each.state === state)
  const [inStep, none, gone] = [of('in step'), of('nothing'), of('deleted')]
  if (gone.length > 0 && inStep.length === 0 && none.length === 0)
    return {
      state: 'deleted',
      headline: `${name} was deleted in Stripe.`,
      why: ['What stood for it was taken back, or marked as gone.'],
    }
  if (inStep.length === 0) {
    return {
      state: 'nothing',
      headline: `The hub has delivered nothing of ${name}.`,
      why: [
        'Either none of its events concerned a system so far, or no event of it came. The hub looks for lost events each quarter of an hour.',
      ],
    }
  }
  const untouched = none.map(({ system }) => system)
  return {
    state: 'in step',
    headline: `${name} is in step in ${listed(inStep.map(({ system }) => system))}.`,
    why:
      untouched.length === 0
        ? []
        : [
            `${listed(untouched)}: none of its events concerned ${untouched.length === 1 ? 'it' : 'them'} so far.`,
          ],
  }
}

const named = (type: string): string => type.replaceAll(/[._]/g, ' ')

/** 'INV-0042 (EUR 1,190.00) is not in NetSuite: item 77 is inactive': the headline has said the first half. */
const withoutHead = (reason: string): string => {
  const rest = reason.replace(/^\S{1,60}(?: \([^)]{1,40}\))? is not in [\w ]{1,30}: /, '')
  return `${rest.slice(0, 1).toUpperCase()}${rest.slice(1)}`
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** For a ticket: the answer in plain lines, with what is asked first. No address of the hub, no payload. */
export const ticketText = (
  { object, customer, systems }: Trace,
  answer: Answer,
  { stage, isLive, at }: { stage: string; isLive: boolean; at: string },
): string =>
  [
    answer.headline,
    ...answer.why,
    ...(answer.next ? [`Next: ${answer.next}`] : []),
    ...(answer.code ? [`Code: ${answer.code}`] : []),
    '',
    `${object.type} ${object.id}${customer && customer !== object.id ? ` of ${customer}` : ''}`,
    ...systems.map(
      ({ system, standing, records }) =>
        `${system}: ${standing}${records.length > 0 ? ` (${records.join(', ')})` : ''}`,
    ),
    `Switchyard, stage ${stage}, ${isLive ? 'live' : 'test'} mode, as of ${at}`,
  ].join('\n')
