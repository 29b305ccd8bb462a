// A page that says why there is none: what did not happen, and what to do next.
import { html } from 'hono/html'
import { withCommands } from './next-step.ts'
import { type Frame, pageOf } from './page-frame.ts'
import type { Refusal } from './respond.ts'
import { withoutControls } from './wording.ts'

export function refusalPage(refusal: Refusal, frame: Pick<Frame, 'hub' | 'site' | 'navigation'>): string {
  const { what, next, code } = withoutControls(refusal)
  return pageOf({
    ...frame,
    title: 'Not done',
    main: html`<div class="answer unknown" id="answer"><h1>${what}</h1><p>${withCommands(next)} <code>${code}</code></p></div>`,
  })
}
