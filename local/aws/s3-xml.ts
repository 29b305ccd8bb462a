// The little XML that S3 speaks: elements with text or elements inside, and one request to read.

export type XmlContent = string | number | boolean | XmlElement[]
export type XmlElement = readonly [name: string, content: XmlContent | undefined]

/** A document; elements whose content is undefined are left out. */
export const xmlDocument = (root: XmlElement): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${write(root)}`

function write([name, content]: XmlElement): string {
  if (content === undefined) return ''
  const inside = Array.isArray(content) ? content.map(write).join('') : escapeText(String(content))
  return `<${name}>${inside}</${name}>`
}

// XML forbids most control characters even as references; S3's own answer is to write them so all the same.
const escapeText = (text: string): string =>
  text.replace(/[&<>"\p{Cc}]/gu, (character) => `&#${character.codePointAt(0)};`)

export interface DeleteRequest {
  keys: string[]
  quiet: boolean
}

/** The body of DeleteObjects as AWS's clients write it; undefined when it is not one. */
export function readDeleteRequest(xml: string): DeleteRequest | undefined {
  if (!/<Delete[\s>]/.test(xml)) return undefined
  const keys = [...xml.matchAll(/<Object>.*?<Key>(.*?)<\/Key>.*?<\/Object>/gs)].map((match) =>
    unescapeText(match[1] ?? ''),
  )
  return { keys, quiet: /<Quiet>\s*true\s*<\/Quiet>/.test(xml) }
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const unescapeText = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal) return String.fromCodePoint(Number(decimal))
    return NAMED[name] ?? whole
  })
