// What the tax lane is doing, as the ledger tells it: whether it stands still, and whether it has an invoice in hand.
import type { Ledger } from '../../../shared/ledger/ledger.ts'

export interface TaxLane {
  isPaused(): Promise<boolean>
  /** It has looked at the invoice since then and come to an end with it: in step, or blocked until somebody acts. */
  hasDecided(invoiceId: string, sinceMs: number): Promise<boolean>
}

/** The connector's name in the registry. */
const TAX_LANE = 'avalara'

export const taxLaneOf = (ledger: Pick<Ledger, 'readLane' | 'readState'>): TaxLane => ({
  isPaused: async () => (await ledger.readLane(TAX_LANE)) !== undefined,
  async hasDecided(invoiceId, sinceMs) {
    const state = await ledger.readState(TAX_LANE, { type: 'invoice', id: invoiceId })
    if (state?.trouble) return state.trouble.status === 'parked' && (state.trouble.lastMs ?? 0) >= sinceMs
    return state?.hash !== undefined
  },
})
