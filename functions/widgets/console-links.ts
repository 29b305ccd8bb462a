// Links into the console, where there is one: nothing can be done from a widget.
import { html } from 'hono/html'
import type { Html } from './frame.ts'

export interface ConsoleLinks {
  /** Of one object's timeline. */
  timeline(id: string): Html | undefined
  parked(): Html | undefined
}

/** @param address `https://…/console`; absent: no console was deployed. */
export function consoleLinks(address: string | undefined): ConsoleLinks {
  const base = address?.replace(/\/+$/, '')
  const link = (path: string, words: string) =>
    base === undefined ? undefined : html`<a href="${base}${path}" target="_blank">${words}</a>`
  return {
    timeline: (id) => link(`/timeline?id=${encodeURIComponent(id)}`, 'console'),
    parked: () => link('/parked', 'Open the console, to replay what is mended'),
  }
}
