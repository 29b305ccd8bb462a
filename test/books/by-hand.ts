// What somebody changes in AvaTax by hand, past the hub.
import { AvaTax } from '../../functions/connectors/avalara/client.ts'
import { documentOf, documentSchema, requestOf } from '../../functions/connectors/avalara/transaction-body.ts'
import { AVALARA } from '../../local/hub/credentials.ts'
import type { Stage } from './stage.ts'

/** A sale of one line gets another net amount; its tax stays. */
export async function changeSaleInAvaTax(
  { config, urls }: Stage,
  code: string,
  amount: string,
): Promise<void> {
  const { avalara } = config.connectors
  const credentials = { ...AVALARA, environment: urls.avalara }
  const avatax = new AvaTax({ credentials, companyCode: avalara.companyCode })
  const answer = await avatax.find(code, 'SalesInvoice')
  if (!answer) throw new Error(`${code} is not in AvaTax.`)
  const document = documentSchema.parse(documentOf(answer, code))
  const changed = { ...document, lines: document.lines.map((line) => ({ ...line, amount })) }
  await avatax.record(requestOf({ document: changed, code, date: document.date }, avalara), code)
}
