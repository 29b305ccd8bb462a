// What every widget has around it: its style, for the light and the dark theme of CloudWatch, and how a button calls again. A
// state is always a word beside its colour; what is not known is grey, never green. CloudWatch runs no script and takes none.
import { html, raw } from 'hono/html'
import { minuteOf } from '../../shared/calendar.ts'
import type { Look } from './request.ts'

/** A piece of a widget. Everything put into a template is escaped by hono/html. */
export type Html = ReturnType<typeof html>

const LIGHT = '--ink:#16191f;--soft:#545b64;--line:#d5dbdb;--good:#1d8102;--bad:#b52b12;--grey:#545b64'
const DARK = '--ink:#eaeded;--soft:#a4aeb8;--line:#414d5c;--good:#7fc77a;--bad:#ff9d8a;--grey:#a4aeb8'

const STYLE = `
.switchyard{color:var(--ink);font:13px/1.45 "Amazon Ember",system-ui,"Liberation Sans",sans-serif}
.switchyard p{margin:4px 0 8px}
.switchyard .soft{color:var(--soft)}
.switchyard table{border-collapse:collapse;width:100%}
.switchyard th,.switchyard td{text-align:left;vertical-align:top;padding:5px 12px 5px 0;border-bottom:1px solid var(--line)}
.switchyard th{font-weight:600;color:var(--soft);white-space:nowrap}
.switchyard .short{white-space:nowrap}
.switchyard td.wide{min-width:11em}
.switchyard td.id{overflow-wrap:anywhere;min-width:9em}
.switchyard .one{display:block}
.switchyard .state{font-weight:600;white-space:nowrap}
.switchyard .good{color:var(--good)}.switchyard .bad{color:var(--bad)}.switchyard .grey{color:var(--grey)}
.switchyard code{font:12px ui-monospace,"Liberation Mono",monospace;overflow-wrap:anywhere}
.switchyard form{display:inline-block;margin:0 8px 8px 0}
.switchyard input{font:inherit;min-width:24em;padding:4px 8px}
.switchyard h3{font-size:14px;margin:12px 0 4px}
`

/** The palette is the element's own: styles of one widget reach all of a dashboard. */
export const frame = (look: Look, content: Html): string =>
  String(
    html`<style>${raw(STYLE)}</style><div class="switchyard" style="${look.isDark ? DARK : LIGHT}">${content}</div>`,
  )

/** What happens when the element before it is pressed: this Lambda is called again, with these parameters. */
export const callsAgain = (
  functionArn: string,
  parameters: Readonly<Record<string, string | boolean>>,
  display: 'widget' | 'popup' = 'widget',
): Html =>
  html`<cwdb-action action="call" display="${display}" endpoint="${functionArn}">${JSON.stringify(parameters)}</cwdb-action>`

/** By the dashboard's own clock. */
export function clockTime(ms: number, { offsetMinutes }: Look): string {
  return minuteOf(ms + offsetMinutes * 60_000)
}

const STEPS: readonly [seconds: number, unit: string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
]

/** '3 h': the largest unit that fits. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  for (const [size, unit] of STEPS) if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`
  return 'just now'
}
