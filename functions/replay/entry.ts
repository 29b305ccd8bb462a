// Who may do anything here at all: somebody with the role, from a form on a page of the console itself. What is asked for is the
// matter of the files beside this one.
import { isHubError } from '../../shared/errors.ts'
import type { Hub, Site } from '../../shared/page/page-frame.ts'
import { refusalPage } from '../../shared/page/refusal-page.ts'
import { type Refusal, respond } from '../../shared/page/respond.ts'
import type { Authenticate } from '../../shared/sign-in/session.ts'
import * as refusals from './refusals.ts'

export interface EntryOptions {
  hub: Hub
  authenticate: Authenticate
  signsIn: boolean
  hasClose: boolean
}

export type Refuse = (refusal: Refusal, status: number) => Response

export interface Entered {
  actor: string
  form: URLSearchParams
  site: Site
  refuse: Refuse
}

const MOST_BYTES = 4_096
const REASON = { least: 5, most: 200 }

/** @returns a refusal's page, or what was sent and by whom. */
export async function enter(request: Request, options: EntryOptions): Promise<Response | Entered> {
  const { hub, authenticate, signsIn, hasClose } = options
  const nobody: Site = { here: undefined, hasClose }
  const refuseIn =
    (site: Site): Refuse =>
    (refusal, status) =>
      respond(refusalPage(refusal, { hub, site }), status)
  const refuse = refuseIn(nobody)
  // A browser names the page that a form was on; whoever names none is no browser, and not asked in.
  if (request.headers.get('origin') !== new URL(request.url).origin) return refuse(refusals.ELSEWHERE, 403)
  if (request.method !== 'POST') return refuse(refusals.METHOD, 405)
  try {
    const session = await authenticate(request.headers)
    if (!session) return refuse(refusals.NOBODY, 401)
    if (!session.roles.has('replay')) return refuse(refusals.ROLE, 403)
    const body = await request.text()
    if (body.length > MOST_BYTES) return refuse(refusals.FORM, 413)
    const { actor } = session
    const site = signsIn ? { ...nobody, actor } : nobody
    return { actor, form: new URLSearchParams(body), site, refuse: refuseIn(site) }
  } catch (error) {
    if (!isHubError(error)) throw error
    return refuse(refusals.notSignedIn(error.message), 502)
  }
}

/** @returns undefined when none was given that says anything. */
export function reasonIn(form: URLSearchParams): string | undefined {
  const reason = (form.get('reason') ?? '').trim()
  return reason.length < REASON.least || reason.length > REASON.most ? undefined : reason
}
