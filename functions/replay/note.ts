// A note on a cause that parks objects: in somebody's hands, set aside for some days, or for good, with a reason. It changes no
// delivery and can be taken back, so it wants no preview; only that nobody else noted something meanwhile.
import type { Clock } from '../../shared/clock.ts'
import type { Note, Notes } from '../../shared/ledger/notes.ts'
import type { Log } from '../../shared/log.ts'
import { seeOther } from '../../shared/page/respond.ts'
import { type Entered, type EntryOptions, enter, reasonIn } from './entry.ts'
import * as refusals from './refusals.ts'

export interface NoteOptions extends EntryOptions {
  notes: Notes
  clock: Clock
  log: Log
}

const DAY_MS = 86_400_000
const LONGEST = 120
/** A form's choice: what it notes, and for how many days. */
const CHOICES: Readonly<Record<string, { kind: Note['kind']; days?: number }>> = {
  assign: { kind: 'assigned' },
  'snooze-1': { kind: 'snoozed', days: 1 },
  'snooze-7': { kind: 'snoozed', days: 7 },
  ignore: { kind: 'ignored' },
  'take-back': { kind: 'taken back' },
}

export function createNote(options: NoteOptions) {
  const { notes, clock, log } = options

  return async (request: Request): Promise<Response> => {
    const entered = await enter(request, options)
    const answer = entered instanceof Response ? entered : await write(entered)
    log({ line: 'note', status: answer.status })
    return answer
  }

  async function write({ actor, form, refuse }: Entered): Promise<Response> {
    const field = (name: string) => (form.get(name) ?? '').trim().slice(0, LONGEST)
    const choice = CHOICES[field('choice')]
    const [connector, code, to] = [field('connector'), field('code'), field('to')]
    const reason = reasonIn(form)
    if (reason === undefined) return refuse(refusals.NOTE_REASON, 400)
    if (!choice || connector === '' || code === '' || (choice.kind === 'assigned' && to === ''))
      return refuse(refusals.NOTE, 400)
    const atMs = clock.now()
    const note: Note = {
      connector,
      code,
      kind: choice.kind,
      ...(choice.kind === 'assigned' && { to }),
      ...(choice.days !== undefined && { untilMs: atMs + choice.days * DAY_MS }),
      reason,
      actor,
      atMs,
    }
    const written = await notes.write(note, Number(field('seen')) || 0)
    if (written === 'lost') return refuse(refusals.NOTE_LOST, 409)
    return seeOther('/console/parked')
  }
}
