// The slice `console` of hub.config.ts: whose sign-in opens the console, and who may do what there.
import * as z from 'zod'

/** A token never travels in the clear; on loopback there is nobody to hear it. */
const address = (wanted: string) =>
  z.url(wanted).refine((url) => /^(?:https:|http:\/\/127\.0\.0\.1[:/])/.test(url), wanted)
const groups = z.array(z.string().min(1)).min(1, 'at least one group')

export const consoleConfig = z.strictObject({
  /** Your OpenID provider, exactly as its tokens say it: 'https://login.example.com/'. */
  issuer: address('the https address of your OpenID provider'),
  /** The client that you registered there for the console; tokens for anybody else are refused. */
  clientId: z.string().min(1),
  /** What is asked for at sign-in; some providers give groups only with a scope of their own. */
  scopes: z.array(z.string()).default(['openid', 'email']),
  /** The claim of the identity token that lists a person's groups. */
  rolesClaim: z.string().min(1).default('groups'),
  /** Groups, as that claim names them. Who may replay may view. */
  roles: z.strictObject({ view: groups, replay: groups }),
  /** Where people open it, when that is not the API's own address: 'https://billing-hub.example.com'. */
  address: address('an https address without a path').optional(),
})

export type ConsoleConfig = z.output<typeof consoleConfig>
