// Who asks, and what they may: view, or view and replay. In the cloud it is read from the identity token that the user's own
// OpenID provider signed; on a laptop whoever reached the loopback is the machine's user.
export type Role = 'view' | 'replay'

export interface Session {
  /** Who it is to the provider, for the record of what was done. */
  actor: string
  roles: ReadonlySet<Role>
}

/** @returns undefined when nobody is signed in, or not any more. */
export type Authenticate = (headers: Headers) => Promise<Session | undefined>
