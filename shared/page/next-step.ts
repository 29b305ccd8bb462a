// An amount with its currency, and a hint with its commands told from the words around them.
import { html } from 'hono/html'
import type { Html } from './page-frame.ts'
import { grouped } from './wording.ts'

export const amountOf = ({ currency, amount }: { currency: string | null; amount: string | null }): string =>
  currency === null || amount === null ? '' : `${currency} ${grouped(amount)}`

const COMMAND =
  /\bhub (?:trace|replay|close|doctor|reconcile|repair|recognize)(?: --[a-z]+| [A-Za-z]+[_-][\w-]+| \d{4}-\d{2})*/g

export function withCommands(text: string): Html {
  let from = 0
  const parts: (Html | string)[] = []
  for (const { 0: command, index } of text.matchAll(COMMAND)) {
    parts.push(text.slice(from, index), html`<code>${command}</code>`)
    from = index + command.length
  }
  return html`${parts}${text.slice(from)}`
}
