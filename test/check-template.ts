// `npm run check:template`: cfn-lint over the synthesized templates, with every default and with everything switched on,
// and another program's parser over what Athena is given. Both are Python; they are installed once, pinned, into
// node_modules/.cache. Apart from `npm test`, which needs Node only.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { EVERYTHING, templatesOf } from '../cdk/synthesize.fixture.ts'
import { athenaViews } from '../functions/connectors/lake/athena.ts'
import { QUESTIONS } from '../functions/connectors/lake/questions.ts'

const PACKAGES = ['cfn-lint==1.58.0', 'sqlglot==30.30.0']
const CACHE = fileURLToPath(
  new URL(
    `../node_modules/.cache/check-template-${PACKAGES.join('-').replaceAll('==', '-')}`,
    import.meta.url,
  ),
)
const BIN = join(CACHE, process.platform === 'win32' ? 'Scripts' : 'bin')

/** Rules that are not for us, each with its reason. */
const IGNORED = {
  W3005: 'CDK writes dependencies that a reference makes anyway; they do no harm',
  W3010: 'the zones of a new network are looked up by the CDK CLI; without credentials they are stand-ins',
}

const PARSE = `
import json, sys
from sqlglot import parse_one
for query in json.load(open(sys.argv[1])):
    try:
        parse_one(query['sql'], dialect='athena')
    except Exception as problem:
        sys.exit(f"{query['name']}: {problem}")
`

install()
const lint = lintTemplates()
const parsed = parseQueries()
process.exit(lint && parsed ? 0 : 1)

function install(): void {
  if (existsSync(join(CACHE, 'installed'))) return
  const python = ['python3', 'python'].find((name) => run(name, ['--version'], 'ignore') === 0)
  if (!python) {
    stop(
      'check:template needs Python 3.9 or newer, which is not on this machine. Nothing was checked. Install it (https://www.python.org/downloads/), then: npm run check:template',
    )
  }
  console.error(`Installing ${PACKAGES.join(' and ')} into ${CACHE}`)
  rmSync(CACHE, { recursive: true, force: true })
  if (run(python, ['-m', 'venv', CACHE]) !== 0)
    stop(
      'Python could not make a virtual environment (on Debian: apt install python3-venv). Nothing was checked.',
    )
  const pip = ['install', '--quiet', '--disable-pip-version-check', '--no-input', ...PACKAGES]
  if (run(join(BIN, 'pip'), pip) !== 0)
    stop(
      'PyPI did not give cfn-lint and sqlglot: see above. Nothing was checked. Then: npm run check:template',
    )
  writeFileSync(join(CACHE, 'installed'), '')
}

function lintTemplates(): boolean {
  const assemblies = [templatesOf(), templatesOf(EVERYTHING)]
  const templates = assemblies.flatMap(({ directory }) => globSync(join(directory, '*.template.json')))
  const options = ['--format', 'parseable', '--ignore-checks', ...Object.keys(IGNORED), '--']
  const clean = run(join(BIN, 'cfn-lint'), [...options, ...templates]) === 0
  console.log(clean ? `cfn-lint: ${templates.length} templates, nothing found.` : 'cfn-lint found the above.')
  return clean
}

function parseQueries(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'athena-'))
  const file = join(folder, 'queries.json')
  const queries = [...athenaViews.map(({ name, statement }) => ({ name, sql: statement })), ...QUESTIONS]
  writeFileSync(file, JSON.stringify(queries))
  const clean = run(join(BIN, 'python'), ['-c', PARSE, file]) === 0
  rmSync(folder, { recursive: true, force: true })
  if (clean) console.log(`sqlglot: ${queries.length} statements of Athena parse.`)
  return clean
}

function run(
  command: string,
  args: readonly string[],
  output: 'inherit' | 'ignore' = 'inherit',
): number | null {
  return spawnSync(command, args, { stdio: ['ignore', output, output] }).status
}

function stop(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
