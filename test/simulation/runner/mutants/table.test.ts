import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { expect, it } from 'vitest'
import { applyEdit, editsOf } from './mutant.ts'
import { MUTANTS } from './table.ts'

it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  '%s fits the source, and what it leaves is still a program',
  (name, mutant) => {
    const sources = new Map<string, string>()
    for (const edit of editsOf(mutant)) {
      const before = sources.get(edit.file) ?? readFileSync(edit.file, 'utf8')
      sources.set(edit.file, applyEdit(before, edit, name))
    }
    for (const [file, source] of sources) {
      expect(source).not.toBe(readFileSync(file, 'utf8'))
      expect(() => stripTypeScriptTypes(source)).not.toThrow()
    }
  },
)

it('no two mutants share a name', () => {
  const names = MUTANTS.map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

it('a mutant that fits no longer, or twice, says which file to look at', () => {
  const edit = { file: 'shared/x.ts', find: 'a', replace: 'b' }
  expect(() => applyEdit('c', edit, 'tried')).toThrow('The mutant tried fits shared/x.ts 0 times')
  expect(() => applyEdit('a a', edit, 'tried')).toThrow('fits shared/x.ts 2 times')
})
