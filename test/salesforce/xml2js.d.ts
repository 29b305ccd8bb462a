// What the tests use of xml2js, which brings no types.
declare module 'xml2js' {
  /** Elements become arrays, an element of text alone its text. */
  export function parseStringPromise(xml: string): Promise<Record<string, unknown>>
}
