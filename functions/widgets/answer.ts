// Answers one call of a dashboard's widget with a piece of HTML, or says what it can show. It reads, and changes nothing.
import { html } from 'hono/html'
import { isHubError } from '../../shared/errors.ts'
import { consoleLinks } from './console-links.ts'
import { frame, type Html } from './frame.ts'
import { type ParkedSources, parkedList } from './parked-list.ts'
import { readRequest } from './request.ts'
import { searchForm, type TraceSources, traceView } from './trace-view.ts'

/** What the composition root knows; who is called is known with each call. */
export interface WidgetSources
  extends Omit<ParkedSources & TraceSources, 'links' | 'functionArn' | 'ledger'> {
  ledger: ParkedSources['ledger'] & TraceSources['ledger']
  consoleUrl: string | undefined
}

/** Shown by CloudWatch to whoever adds the widget to a dashboard of their own. */
const DESCRIPTION = `## Switchyard
Reads the ledger of a Switchyard hub.

### Parameters
Param | Description
---|---
**widget** | \`parked\`: the newest of what waits for a person. \`trace\`: a search by customer, invoice number, Stripe id or event id
**connector** | with \`parked\`: of one system only, for example \`netsuite\`
**id** | with \`trace\`: what to show at first

### Example
\`\`\` yaml
widget: parked
connector: netsuite
\`\`\`
`

export async function answerWidget(
  payload: unknown,
  functionArn: string,
  { consoleUrl, ...rest }: WidgetSources,
): Promise<string> {
  const request = readRequest(payload)
  if (request.kind === 'describe') return DESCRIPTION
  const sources = { ...rest, links: consoleLinks(consoleUrl), functionArn }
  const { look } = request
  if (request.kind === 'parked') return frame(look, await parkedList(request.connector, look, sources))
  const { id, popup } = request
  const found = id === undefined ? '' : await traceView(id, look, sources).catch(unread)
  return frame(look, html`${popup ? '' : searchForm(id, functionArn)}${found}`)
}

/** What could not be looked up is not known; anything else is a defect, and CloudWatch shows that it is one. */
function unread(error: unknown): Html {
  if (!isHubError(error)) throw error
  return html`<p><span class="state grey">unknown</span> ${error.message} ${error.hint ?? ''} [${error.code}]</p>`
}
