// Numbers as a person can copy them into a command: '1-4,7'.

export function numberList(numbers: Iterable<number>): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b)
  const parts: { first: number; last: number }[] = []
  for (const number of sorted) {
    const open = parts.at(-1)
    if (open && open.last === number - 1) open.last = number
    else parts.push({ first: number, last: number })
  }
  return parts.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

/** @returns undefined when the text is no such list. */
export function parseNumberList(text: string): Set<number> | undefined {
  const numbers = new Set<number>()
  for (const part of text.split(',')) {
    const [, first, last] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part.trim()) ?? []
    if (first === undefined) return undefined
    for (let number = Number(first); number <= Number(last ?? first); number += 1) numbers.add(number)
  }
  return numbers
}
