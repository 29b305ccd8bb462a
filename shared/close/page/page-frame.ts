// What every page of the close has around it: title, stage, mode, the policy that lets nothing run or load, the style sheet.
// Works without JavaScript and without a network. Everything put into a template is escaped by hono/html.
import { html, raw } from 'hono/html'
import { STYLE, STYLE_HASH } from './style.ts'

/** A piece of a page. */
export type Html = ReturnType<typeof html>

/** On which hub it was made: 'local · test'. */
export interface Hub {
  stage: string
  isLive: boolean
}

/** Also sent as a header where a server sends the page; `frame-ancestors` counts only there. */
export const POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'`

export interface Frame {
  title: string
  hub: Hub
  /** Of a page that a server answers: choosing a month, judging again. Absent in a file, which has no forms. */
  navigation?: Html
  main: Html
  footer?: Html
}

export function pageOf({ title, hub, navigation, main, footer }: Frame): string {
  const forms = `form-action ${navigation ? "'self'" : "'none'"}`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(`${POLICY}; ${forms}`)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="same-origin">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#answer">To the answer</a>
<header><div class="where"><b>Switchyard</b> · stage ${hub.stage} · ${hub.isLive ? 'live' : 'test'} mode</div>
${navigation ?? ''}</header>
<main>${main}</main>
${footer ?? ''}
</body>
</html>
`
  return String(page)
}
