// The Lambda that looks into one system for the console: it reads the ledger and the vendor, and has no queue to act through.
// The console itself holds no vendor's credential and no vendor's SDK.
import type { Connector } from '../../shared/connector/contract.ts'
import { type LookAnswer, type LookRequest, lookAt } from '../../shared/connector/look.ts'
import { asHubError } from '../../shared/delivery/write.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'

export function createLookHandler(ledger: Pick<Ledger, 'readState'>, connector: Connector) {
  return async ({ look }: LookRequest): Promise<LookAnswer> => {
    try {
      return { records: await lookAt(look, { ledger, connector }) }
    } catch (error) {
      return { failed: asHubError(error).message }
    }
  }
}
