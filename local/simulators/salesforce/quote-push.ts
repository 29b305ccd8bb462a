// What an administrator's flow and Apex do when people accept, reopen or delete a quote: they tell the hub, by a signed
// request that only names it. As deployed from salesforce/: one request for each change, sent in the background, never
// for what the hub's own user changes, tried again after 429, 5xx and no answer, with the same body.
//
// Signed as Stripe signs webhooks (https://docs.stripe.com/webhooks#verify-manually): HMAC-SHA256 of "<seconds>.<body>".
import { createHmac, randomUUID } from 'node:crypto'
import { ORGANIZATION_ID } from './identifiers.ts'

export interface PushTarget {
  /** Of the hub's HTTP API; /salesforce/quotes is added. */
  url: string
  secret: string
}

export interface QuotePush {
  type: 'quote.accepted' | 'quote.reopened' | 'quote.deleted'
  quoteId: string
  body: string
  /** HTTP statuses in order; 0 where no answer came. */
  answers: number[]
}

const TIMEOUT_MS = 10_000

export class QuotePushes {
  readonly list: QuotePush[] = []
  private readonly now: () => number
  private target: PushTarget | undefined
  private underWay: Promise<void>[] = []

  constructor(now: () => number) {
    this.now = now
  }

  sendTo(target: PushTarget | undefined): void {
    this.target = target
  }

  add(type: QuotePush['type'], quoteId: string, object: string): void {
    const body = JSON.stringify({ id: randomUUID(), type, quoteId, object, orgId: ORGANIZATION_ID })
    const push: QuotePush = { type, quoteId, body, answers: [] }
    this.list.push(push)
    this.underWay.push(this.send(push))
  }

  /** The next attempt of everything that has not arrived; Apex makes it after minutes. */
  retry(): void {
    this.underWay.push(...this.list.filter(isUnsent).map((push) => this.send(push)))
  }

  /** Nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.underWay.length > 0) await Promise.all(this.underWay.splice(0))
  }

  private async send(push: QuotePush): Promise<void> {
    if (!this.target) return
    const { url, secret } = this.target
    const seconds = Math.floor(this.now() / 1000)
    const signature = createHmac('sha256', secret).update(`${seconds}.${push.body}`).digest('hex')
    try {
      const response = await fetch(new URL('/salesforce/quotes', url), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'Switchyard-Signature': `t=${seconds},v1=${signature}`,
        },
        body: push.body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await response.arrayBuffer()
      push.answers.push(response.status)
    } catch {
      // Refused, cut or too slow: Apex sees a CalloutException and tries again.
      push.answers.push(0)
    }
  }
}

const isUnsent = ({ answers }: QuotePush): boolean => {
  const last = answers.at(-1)
  return last === undefined || last === 0 || last === 429 || last >= 500
}
