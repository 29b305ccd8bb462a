import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Mutant } from './mutant.ts'
import { runMutants } from './run.ts'

// A repository of two files: its simulation fails at seed 2 whatever the hub says, and at 7 where that is wrong.
const HUB = "export const answer = 'right'\n"
const SIMULATION = `
import { answer } from '../../../hub.ts'
const option = (name: string) => Number(process.argv[process.argv.indexOf(name) + 1])
const from = option('--from')
const seeds = Array.from({ length: option('--seeds') }, (_, index) => from + index)
const failing = seeds.find((seed) => seed === 2 || (seed === 7 && answer === 'wrong'))
const failed = failing === undefined ? [] : [failing]
const failures = failed.map((seed) => ({ seed, promise: 'in step', system: 'netsuite' }))
const histories = failing === undefined ? seeds.length : failing - from + 1
console.log(JSON.stringify({ histories, failed, failures }))
`
const root = mkdtempSync(join(tmpdir(), 'switchyard-mutants-test-'))
beforeAll(() => {
  mkdirSync(join(root, 'test/simulation/runner'), { recursive: true })
  mkdirSync(join(root, 'node_modules'))
  writeFileSync(join(root, 'hub.ts'), HUB)
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  writeFileSync(join(root, 'test/simulation/runner/simulate.ts'), SIMULATION)
  execFileSync('git', ['init', '--quiet'], { cwd: root })
})
afterAll(() => rmSync(root, { recursive: true }))

const mutant = (name: string, replace: string, find = "'right'"): Mutant => ({
  name,
  promise: `${name} is kept.`,
  file: 'hub.ts',
  find,
  replace,
})

async function run(line: string, ...mutants: Mutant[]) {
  let out = ''
  let err = ''
  const code = await runMutants(['node', 'mutants.ts', ...line.split(' ').filter(Boolean)], {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    root,
    mutants,
    signal: new AbortController().signal,
  })
  return { code, out, err }
}

it('tells which mutants were caught, by which seed, and which were not', async () => {
  const { code, out } = await run(
    '--seeds 20 --json',
    mutant('caught', "'wrong'"),
    mutant('survives', "'other'"),
    mutant('gone', "'x'", "'left'"),
    mutant('no-program', '('),
  )
  expect(code).toBe(1)
  const { mutants, survived, unfit } = JSON.parse(out)
  expect(mutants[0]).toMatchObject({
    outcome: 'caught',
    seed: 7,
    histories: 7,
    violated: 'in step (netsuite)',
  })
  expect(mutants[1]).toMatchObject({ outcome: 'survived', histories: 20, passedOver: [2] })
  expect(mutants[2].why).toContain('The mutant gone fits hub.ts 0 times')
  expect(mutants[3].why).toContain('The simulation did not run')
  expect(survived).toEqual(['survives'])
  expect(unfit).toEqual(['gone', 'no-program'])
  expect(readFileSync(join(root, 'hub.ts'), 'utf8')).toBe(HUB)
})

it('is content when each is caught, one after the other in the same copy', async () => {
  const { code, out } = await run(
    '',
    mutant('one', "'wrong'"),
    mutant('two', "'wrong'"),
    mutant('three', "'wrong'"),
  )
  expect(code).toBe(0)
  expect(out).toContain('3 of 3 mutants caught')
  expect(out).toMatch(/three +│ +seed 7 │ +7 │ in step \(netsuite\)/)
})

it('takes no unknown name', async () => {
  const { code, err } = await run('--only tow', mutant('two', "'wrong'"))
  expect(code).toBe(2)
  expect(err).toContain('There is no mutant "tow". Mutants: two.')
})
