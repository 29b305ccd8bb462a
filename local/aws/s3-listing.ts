// ListObjectsV2: one page of keys, with those beyond a delimiter rolled up into common prefixes.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
import { S3Error } from './s3-error.ts'
import type { ObjectFolder } from './s3-object-folder.ts'
import type { XmlElement } from './s3-xml.ts'

export async function listObjects(
  folder: ObjectFolder,
  bucket: string,
  query: URLSearchParams,
): Promise<XmlElement> {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const startAfter = query.get('start-after') ?? ''
  const maxKeys = readMaxKeys(query.get('max-keys'))
  const token = query.get('continuation-token')
  const after = token === null ? undefined : readToken(token)

  const rolledUp = (key: string): string => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    return end < 0 ? key : key.slice(0, end + delimiter.length)
  }
  const keys = (await folder.keys(bucket, prefix)).filter((key) => key > startAfter)
  // A key counts as itself, a common prefix once for all its keys; both stand in one order.
  const entries = [...new Set(keys.map(rolledUp))]
  const from =
    after === undefined ? 0 : entries.findIndex((entry) => Buffer.compare(Buffer.from(entry), after) > 0)
  const page = from < 0 ? [] : entries.slice(from, from + maxKeys)
  const truncated = from >= 0 && maxKeys > 0 && from + maxKeys < entries.length
  const last = page.at(-1)

  const whole = new Set(keys)
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string) => text
  const contents: XmlElement[] = []
  const prefixes: XmlElement[] = []
  for (const entry of page) {
    if (!whole.has(entry)) {
      prefixes.push(['CommonPrefixes', [['Prefix', encode(entry)]]])
      continue
    }
    const stored = await folder.find(bucket, entry)
    const described: XmlElement[] = [
      ['Key', encode(entry)],
      ['LastModified', new Date(stored.modifiedMs).toISOString()],
      ['ETag', stored.etag],
      ['Size', stored.sizeBytes],
      ['StorageClass', 'STANDARD'],
    ]
    contents.push(['Contents', described])
  }
  const result: XmlElement[] = [
    ['Name', bucket],
    ['Prefix', encode(prefix)],
    ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
    ['StartAfter', startAfter === '' ? undefined : encode(startAfter)],
    ['EncodingType', query.get('encoding-type') ?? undefined],
    ['ContinuationToken', token ?? undefined],
    ['NextContinuationToken', truncated && last !== undefined ? writeToken(last) : undefined],
    ['KeyCount', page.length],
    ['MaxKeys', maxKeys],
    ['IsTruncated', truncated],
    ...contents,
    ...prefixes,
  ]
  return ['ListBucketResult', result]
}

function readMaxKeys(value: string | null): number {
  const maxKeys = value === null ? 1_000 : Number(value)
  if (!Number.isInteger(maxKeys) || maxKeys < 0) {
    throw new S3Error('InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647')
  }
  return Math.min(maxKeys, 1_000)
}

const writeToken = (entry: string): string => Buffer.from(entry).toString('base64')
const readToken = (token: string): Buffer => Buffer.from(token, 'base64')
