// Whether a tax engine is at work on the hub's documents: it would calculate over what Stripe charged, and declare a sale
// that is declared already. NetSuite assigns engines to the tax registrations of subsidiaries (SuiteTax); they are asked for
// in one query before a worker posts its first sale, and never again while it lives. What an account without SuiteTax has
// (a bundle with scripts) shows in the totals: write-documents.ts compares each.
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_2125829065.html: "Partner Tax Engines need to be
// assigned to a specific tax registration or a nexus."
import * as z from 'zod'
import { dayOf } from '../../../shared/calendar.ts'
import type { Clock } from '../../../shared/clock.ts'
import { credential, type HubError, isHubError } from '../../../shared/errors.ts'
import type { NetSuiteClient } from './client.ts'
import type { NetSuiteConfig } from './config.ts'

/** While it refuses, the lane is paused and probed each minute. */
const REFUSAL_HOLDS_MS = 30_000

const registrationRow = z.object({
  subsidiary: z.coerce.string(),
  taxengine: z.coerce.string().nullish(),
  validuntil: z.string().nullish(),
})

export class TaxEngines {
  private readonly client: NetSuiteClient
  private readonly config: NetSuiteConfig
  private readonly clock: Clock
  private answer: { refusal: Promise<HubError | undefined>; untilMs: number } | undefined

  constructor(client: NetSuiteClient, config: NetSuiteConfig, clock: Clock) {
    this.client = client
    this.config = config
    this.clock = clock
  }

  /**
   * What keeps every sale from being posted; undefined: nothing does. Of the kind that pauses the lane: no document is to
   * blame, and parking each of them would hide that. @throws HubError while NetSuite does not answer.
   */
  refusal(): Promise<HubError | undefined> {
    const now = this.clock.now()
    if (this.answer && this.answer.untilMs > now) return this.answer.refusal
    const refusal = this.look()
    const answer = { refusal, untilMs: Number.POSITIVE_INFINITY }
    this.answer = answer
    refusal.then(
      (found) => {
        if (found) answer.untilMs = now + REFUSAL_HOLDS_MS
      },
      () => {
        if (this.answer === answer) this.answer = undefined
      },
    )
    return refusal
  }

  private async look(): Promise<HubError | undefined> {
    const active = await this.activeEngines()
    const [first] = active
    if (!first) return undefined
    const names = active.map(({ name, engine }) => `"${name}" (engine ${engine})`).join(', ')
    return credential(
      `NetSuite has a tax engine at work on the sales of ${active.length === 1 ? 'subsidiary' : 'subsidiaries'} ${names}: what Stripe charged would be calculated and declared a second time. No sale was posted.`,
      {
        code: 'NS-TAX-ENGINE',
        hint: `NetSuite admin: Setup → Company → Subsidiaries → Tax Registrations: take the engine away, or end it. If it declares nothing of the hub's documents, engineering: hub.config.ts → netsuite.tax.passiveEngines: ['${first.engine}']. Nothing is lost; it goes on by itself.`,
      },
    )
  }

  private async activeEngines(): Promise<{ name: string; engine: string }[]> {
    const names = new Map(Object.entries(this.config.subsidiaries).map(([name, { id }]) => [id, name]))
    const today = dayOf(this.clock.now() / 1_000, this.config.timeZone)
    const passive = new Set<string>(this.config.tax.passiveEngines)
    const found = new Map<string, { name: string; engine: string }>()
    for (const { subsidiary, taxengine, validuntil } of await this.registrations([...names.keys()])) {
      const name = names.get(subsidiary)
      const engine = taxengine ?? ''
      if (name === undefined || engine === '' || passive.has(engine)) continue
      if (validuntil && validuntil < today) continue
      found.set(`${name} ${engine}`, { name, engine })
    }
    return [...found.values()]
  }

  /** None where NetSuite does not know the table (no SuiteTax), or the role may not see it: then the totals must tell. */
  private async registrations(subsidiaryIds: readonly string[]): Promise<z.infer<typeof registrationRow>[]> {
    try {
      return await this.client.query(
        `SELECT subsidiary, taxengine, TO_CHAR(validuntil, 'YYYY-MM-DD') AS validuntil FROM subsidiarytaxregistration WHERE subsidiary IN (${subsidiaryIds.join(', ')})`,
        registrationRow,
        'read the tax engines of subsidiaries',
      )
    } catch (error) {
      if (isHubError(error) && (error.kind === 'permanent' || error.code === 'NS-ROLE')) return []
      throw error
    }
  }
}
