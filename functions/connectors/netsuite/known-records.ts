// What the ledger knows of an object's records: whether a document has been posted.
import type { Gathering, RecordKey } from '../../../shared/connector/contract.ts'
import type { Root } from './project.ts'

type Known = Pick<Gathering<Root>, 'known'>

export function isPosted({ known }: Known, key: RecordKey): boolean {
  const record = known[key]
  return record?.remoteId !== undefined && !record.retired
}

export const isAnyPosted = ({ known }: Known): boolean =>
  Object.values(known).some((record) => record.remoteId !== undefined && !record.retired)
