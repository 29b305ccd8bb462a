// What every page has around it: title, stage, mode, the ways to the other pages and the search box, the policy that lets
// nothing load and at most the page's own script run, the style sheet. Works without JavaScript and without a network.
// Everything put into a template is escaped by hono/html.
import { html, raw } from 'hono/html'
import { COPY_SCRIPT, COPY_SCRIPT_HASH } from './copy-script.ts'
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
/** Of a page that has something to copy: its one script may run, by its hash. */
export const COPYING_POLICY = `${POLICY}; script-src '${COPY_SCRIPT_HASH}'`

/** The pages around this one. */
export interface Site {
  here: '/console' | '/console/parked' | '/console/timeline' | '/close' | undefined
  /** The close is read by a hub that can take minutes for an answer: the local one. */
  hasClose: boolean
  /** What the search box holds. */
  search?: string
  /** Who is signed in; absent where nobody signs in. */
  actor?: string
}

export interface Frame {
  title: string
  hub: Hub
  /** Absent in a file: it leads nowhere. */
  site?: Site
  /** Of a page that a server answers: choosing a month, judging again. Absent in a file, which has no forms. */
  navigation?: Html
  main: Html
  footer?: Html
  /** The page has something to copy. */
  isCopied?: boolean
}

export function pageOf({ title, hub, site, navigation, main, footer, isCopied }: Frame): string {
  const forms = `form-action ${navigation || site ? "'self'" : "'none'"}`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(`${isCopied ? COPYING_POLICY : POLICY}; ${forms}`)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="same-origin">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#answer">To the answer</a>
<header><div class="where"><b>Switchyard</b> · stage ${hub.stage} · ${hub.isLive ? 'live' : 'test'} mode${site?.actor === undefined ? '' : html` · ${site.actor} · <a href="/console/sign-out">sign out</a>`}</div>
${site ? ways(site) : ''}
${navigation ?? ''}</header>
<main>${main}</main>
${footer ?? ''}
${isCopied ? html`<script>${raw(COPY_SCRIPT)}</script>` : ''}</body>
</html>
`
  return String(page)
}

function ways({ here, hasClose, search }: Site): Html {
  const way = (path: Site['here'], name: string) =>
    html`<a href="${path}"${path === here ? html` aria-current="page"` : ''}>${name}</a>`
  return html`<nav class="ways" aria-label="Pages">${way('/console', 'Overview')} ${way('/console/parked', 'Parked')}${hasClose ? html` ${way('/close', 'Close')}` : ''}</nav>
<form class="search" role="search" method="get" action="/console/timeline"><input type="search" name="id" value="${search ?? ''}" required maxlength="120" aria-label="Invoice number, or any Stripe id" placeholder="Invoice number, or any Stripe id"> <button>Find</button></form>`
}
