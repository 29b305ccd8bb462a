// The functions as the CDK app bundles them, and what is in each bundle: esbuild's own account of it, by package. One build
// for all of them, so that what they share is read once.
import { globSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Metafile } from 'esbuild'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The settings of cdk/hub-function.ts, in esbuild's own terms. */
export const BUNDLING: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  minify: true,
  keepNames: true,
  absWorkingDir: ROOT,
  logLevel: 'error',
}

export interface FunctionBundle {
  name: string
  /** Relative to the folder that it was written to. */
  file: string
  bytes: number
  /** Bytes by npm package, the biggest first; `hub` is what is our own. */
  packages: Map<string, number>
  /** The hub's own files in it, relative to the root. */
  sources: string[]
}

const EXTENSION = '.mjs'

/** @param folder absent: nothing is written. */
export async function bundleFunctions(folder?: string): Promise<FunctionBundle[]> {
  const entries = globSync('functions/**/main.ts', { cwd: ROOT }).sort()
  const { metafile } = await build({
    ...BUNDLING,
    entryPoints: entries.map((entry) => ({ in: entry, out: nameOf(entry) })),
    outdir: folder ?? 'nowhere',
    outExtension: { '.js': EXTENSION },
    write: folder !== undefined,
    metafile: true,
  })
  const bundles = Object.values(metafile.outputs).flatMap((output) =>
    output.entryPoint ? [describe(output.entryPoint, output)] : [],
  )
  if (bundles.length !== entries.length)
    throw new Error(`${entries.length} functions, ${bundles.length} bundles: two of them have one name.`)
  return bundles
}

const nameOf = (entry: string): string => basename(dirname(entry))

function describe(entry: string, { bytes, inputs }: Metafile['outputs'][string]): FunctionBundle {
  const packages = new Map<string, number>()
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = packageOf(path)
    packages.set(name, (packages.get(name) ?? 0) + bytesInOutput)
  }
  return {
    name: nameOf(entry),
    file: `${nameOf(entry)}${EXTENSION}`,
    bytes,
    packages: new Map([...packages].sort(([, a], [, b]) => b - a)),
    sources: Object.keys(inputs).filter((path) => packageOf(path) === 'hub'),
  }
}

/** The innermost one: a package may bring another version of its own. */
const packageOf = (path: string): string =>
  [...path.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].at(-1)?.[1] ?? 'hub'
