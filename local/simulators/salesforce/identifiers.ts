// Salesforce record ids: fifteen case-sensitive characters that begin with the object's key prefix, and the
// eighteen-character form with a checksum of the case, which is what the API answers with.
// https://help.salesforce.com/s/articleView?id=000385008&type=1

const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

const addChecksum = (id15: string): string => {
  let suffix = ''
  for (let block = 0; block < 3; block += 1) {
    let bits = 0
    for (let index = 0; index < 5; index += 1) {
      if (/[A-Z]/.test(id15.charAt(block * 5 + index))) bits += 1 << index
    }
    suffix += CHECKSUM.charAt(bits)
  }
  return id15 + suffix
}

export const ORGANIZATION_ID = '00DHu000000SimAMAS'
/** Whom the hub signs in as. */
export const USER_ID = '005Hu000000Sim1IAC'

/** The id of the nth record of an object. */
export const recordId = (keyPrefix: string, serial: number): string => {
  let rest = ''
  for (let left = serial; rest.length < 5; left = Math.floor(left / 62))
    rest = BASE_62.charAt(left % 62) + rest
  return addChecksum(`${keyPrefix}Hu00000${rest}`)
}

/** The eighteen-character form of an id given in either form; undefined when it is no id at all. */
export const normalizeId = (value: string): string | undefined => {
  if (!/^[0-9A-Za-z]+$/.test(value)) return undefined
  if (value.length === 15) return addChecksum(value)
  if (value.length !== 18) return undefined
  return addChecksum(value.slice(0, 15)) === value ? value : undefined
}
