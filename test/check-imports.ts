// `npm run check:imports`: the import rules of .dependency-cruiser.json, and a count of what was really looked at. A
// parser that understands no TypeScript finds nothing wrong in nothing. Tests may import whatever they test.
import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import process from 'node:process'

const FOLDERS = ['cdk', 'cli', 'functions', 'local', 'shared', 'test']
const sources = globSync(`{${FOLDERS.join(',')}}/**/*.ts`).filter(
  (file) => !/\.(d|test|fixture)\.ts$/.test(file),
)

interface Report {
  modules: { source: string }[]
  summary: { violations: { rule: { name: string; severity: string }; from: string; to: string }[] }
}

let output: string
try {
  output = execFileSync(
    'depcruise',
    ['--config', '.dependency-cruiser.json', '--output-type', 'json', ...FOLDERS],
    {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    },
  )
} catch (error) {
  if (!(error instanceof Error) || !('stdout' in error) || !error.stdout) throw error
  output = String(error.stdout)
}
const { modules, summary } = JSON.parse(output) as Report
const seen = new Set(modules.map(({ source }) => source))
const unseen = sources.filter((file) => !seen.has(file))
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`)
for (const file of unseen) console.error(`not looked at: ${file}`)
if (summary.violations.length > 0 || unseen.length > 0) process.exit(1)
console.log(`Imports go one way: ${sources.length} modules looked at.`)
