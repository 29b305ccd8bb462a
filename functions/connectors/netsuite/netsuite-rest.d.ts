// netsuite-rest 1.0.9 ships no types. Only what transport.ts builds on.
declare module 'netsuite-rest' {
  interface Options {
    consumer_key: string
    consumer_secret_key: string
    token: string
    token_secret: string
    realm: string
    base_url?: string
  }
  class NetsuiteRest {
    constructor(options: Options)
    /** Taken names: a subclass field of the same name would break the signature. */
    consumer_key: string
    consumer_secret_key: string
    token: string
    token_secret: string
    version: string
    algorithm: string
    realm: string
    base_url: string | undefined
    /** OAuth 1.0a, HMAC-SHA256, with a fresh nonce and timestamp each time. */
    getAuthorizationHeader(options: { url: string; method: string }): { Authorization: string }
    request(options: {
      path?: string
      method?: string
      body?: string
      heads?: Record<string, string>
    }): Promise<unknown>
  }
  export = NetsuiteRest
}
