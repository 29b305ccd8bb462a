import fc from 'fast-check'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { checkSignature } from './signature.ts'

const NOW = 1_790_000_000
const stripe = new Stripe('sk_test_x')
/** Signed by Stripe's own code, not by ours. */
const sign = (payload: string, secret: string, timestamp = NOW) =>
  stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
const check = (body: string, header: string | undefined, secrets = ['whsec_a'], now = NOW) =>
  checkSignature(Buffer.from(body), header, secrets, now)?.code

describe('a webhook signature', () => {
  it('holds for any body that Stripe’s own code signed, under any of the current secrets', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (body, secret) => {
        expect(check(body, sign(body, secret), ['whsec_old', secret])).toBeUndefined()
      }),
    )
  })

  it('breaks with any single byte of the body', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (body, at, flip) => {
          const bytes = Buffer.from(body)
          const header = sign(body, 'whsec_a')
          bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip
          expect(checkSignature(bytes, header, ['whsec_a'], NOW)?.code).toBe('SIG-WRONG')
        },
      ),
    )
  })

  it.each([
    ['no header', undefined, 'SIG-MISSING'],
    ['an empty header', '', 'SIG-MISSING'],
    ['nonsense', 'hello', 'SIG-MALFORMED'],
    ['only the old scheme', `t=${NOW},v0=${'a'.repeat(64)}`, 'SIG-MALFORMED'],
    ['two timestamps', `t=${NOW},t=1,v1=${'a'.repeat(64)}`, 'SIG-MALFORMED'],
    ['a timestamp that is no number', `t=soon,v1=${'a'.repeat(64)}`, 'SIG-MALFORMED'],
    ['a hundred signatures', `t=${NOW}${`,v1=${'a'.repeat(64)}`.repeat(100)}`, 'SIG-MALFORMED'],
    ['a forged signature', `t=${NOW},v1=${'a'.repeat(64)}`, 'SIG-WRONG'],
  ])('is refused for %s', (_, header, code) => {
    expect(check('{}', header)).toBe(code)
  })

  it('is refused when signed with a retired secret', () => {
    expect(check('{}', sign('{}', 'whsec_retired'))).toBe('SIG-WRONG')
  })

  it.each([
    [-301, 'SIG-STALE'],
    [-300, undefined],
    [300, undefined],
    [301, 'SIG-FUTURE'],
    [86_400, 'SIG-FUTURE'],
  ])('signed %i seconds from now: %s', (offset, code) => {
    expect(check('{}', sign('{}', 'whsec_a', NOW + offset))).toBe(code)
  })
})
