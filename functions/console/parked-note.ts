// The note on a cause: what it says, whether it still sets the cause aside, and the form to write another one.
import { html } from 'hono/html'
import type { Note } from '../../shared/ledger/notes.ts'
import type { Html } from '../../shared/page/page-frame.ts'
import { count, timeText } from '../../shared/page/wording.ts'
import type { ParkedGroup } from '../../shared/trace/parked.ts'
import type { PageContext } from './console.ts'

export interface NotedGroup {
  group: ParkedGroup
  note: Note | undefined
}

/** Parked after the note was written: it does not speak of these. */
const newerThan = ({ atMs }: Note, { objects }: ParkedGroup): number =>
  objects.filter(({ sinceMs }) => sinceMs > atMs).length

/** Snoozed or ignored, still, and nothing was parked since. */
export function isSetAside({ group, note }: NotedGroup, nowMs: number): boolean {
  if (!note || newerThan(note, group) > 0) return false
  return note.kind === 'ignored' || (note.kind === 'snoozed' && (note.untilMs ?? 0) > nowMs)
}

export function noteText({ group, note }: NotedGroup, { timeZone }: PageContext): Html | '' {
  if (!note) return ''
  const at = (ms: number) => timeText(new Date(ms).toISOString(), timeZone)
  const newer = newerThan(note, group)
  const what =
    note.kind === 'assigned'
      ? `In the hands of ${note.to}`
      : note.kind === 'snoozed'
        ? `Snoozed until ${at(note.untilMs ?? 0)}`
        : note.kind === 'ignored'
          ? 'Ignored'
          : 'Nobody has it in hand'
  return html`<p class="note"><b>${what}</b>: “${note.reason}” <span class="soft">${note.actor}, ${at(note.atMs)}.</span>${
    newer > 0 ? html` <b>${count(newer, 'more was', 'more were')} parked since.</b>` : ''
  }</p>`
}

/** @returns the form; whoever may not act gets none. */
export function noteForm({ group, note }: NotedGroup, { mayReplay }: PageContext): Html | '' {
  if (!mayReplay) return ''
  const { connector, code } = group
  return html`<details><summary>Assign, snooze or ignore</summary>
<form class="deed" method="post" action="/console/note"><input type="hidden" name="connector" value="${connector}"><input type="hidden" name="code" value="${code}"><input type="hidden" name="seen" value="${note?.atMs ?? 0}">
<label>What<br><select name="choice"><option value="assign">Assign to</option><option value="snooze-1">Snooze for a day</option><option value="snooze-7">Snooze for a week</option><option value="ignore">Ignore</option>${note ? html`<option value="take-back">Take the note back</option>` : ''}</select></label>
<label>To whom, if it is assigned<br><input name="to" maxlength="120"></label>
<label>Why<br><input name="reason" required minlength="5" maxlength="200"></label>
<button>Note it</button> <span class="soft">A note changes no delivery, and covers nothing that is parked later.</span></form></details>`
}
