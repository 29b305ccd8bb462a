// What `hub close` names for October and November when a case is over: the close reads Stripe, NetSuite, AvaTax and the ledger
// through its own eyes, and shares nothing with this table but the vendors. The lake is taken to hold every event.

import { closeMonth } from '../../functions/close/close.ts'
import { AvaTax } from '../../functions/connectors/avalara/client.ts'
import { refundsReturnedSince } from '../../functions/connectors/hub.ts'
import { createNetSuiteClient } from '../../functions/connectors/netsuite/client.ts'
import { AVALARA } from '../../local/hub/credentials.ts'
import { LANES } from './lanes.ts'
import type { Stage } from './stage.ts'

const MONTHS = ['2026-10', '2026-11']
/** Both months are over, and no plan that began in October is billed a third time. */
const LOOKED_AT = '2026-12-04'

/** @returns '2026-10 tax tax-differs' for each break, and what could not be read. */
export async function namedByClose(stage: Stage): Promise<string[]> {
  const { clock, config, lanes, stripe, vendors } = stage
  const { avalara, netsuite } = config.connectors
  if (clock.now() < Date.parse(LOOKED_AT)) await stage.on(LOOKED_AT)
  const { subLedger, urls } = stage
  const client = createNetSuiteClient(netsuite.account, stage.netsuiteCredentials, clock)
  const avatax = new AvaTax({
    credentials: { ...AVALARA, environment: urls.avalara },
    companyCode: avalara.companyCode,
  })
  const named: string[] = []
  for (const month of MONTHS) {
    const report = await closeMonth({
      month,
      timeZone: avalara.timeZone,
      refundsReturnedSince: refundsReturnedSince(config),
      clock,
      stripe,
      netsuite: { client, config: netsuite },
      avatax,
      lake: async () => vendors.stripe.events.map(({ type, data }) => ({ type, object_id: data.object.id })),
      ledger: { ledger: lanes.ledger, lanes: LANES },
      ...(subLedger && { subLedger }),
    })
    for (const { id, breaks, unread } of report.checks) {
      named.push(...breaks.map(({ cause }) => `${month} ${id} ${cause}`))
      named.push(...unread.map(({ source }) => `${month} ${id} unread: ${source}`))
    }
  }
  return named
}
