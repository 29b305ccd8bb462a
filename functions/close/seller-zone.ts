// Whose days a month is made of: the seller's, as the tax authority sees them; without AvaTax the books'.
import type { HubConfig } from '../connectors/hub.ts'

export const sellerZone = ({
  avalara,
  netsuite,
}: Pick<HubConfig['connectors'], 'avalara' | 'netsuite'>): string =>
  avalara?.timeZone ?? netsuite?.timeZone ?? 'UTC'
