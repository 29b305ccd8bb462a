// A copy of the repository that may be broken on purpose: what git knows or would take in, with the installed packages
// linked. The user's own files are only read.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { applyEdit, editsOf, type Mutant } from './mutant.ts'

export class Tree {
  readonly folder = mkdtempSync(join(tmpdir(), 'switchyard-mutant-'))
  private readonly originals = new Map<string, string>()

  /** @throws a sentence when `root` is no clone of the repository. */
  constructor(root: string) {
    for (const file of filesOf(root)) {
      const from = join(root, file)
      // Removed, and not yet committed.
      if (!existsSync(from)) continue
      mkdirSync(dirname(join(this.folder, file)), { recursive: true })
      copyFileSync(from, join(this.folder, file))
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'), 'dir')
  }

  /** @throws a sentence when the mutant fits no longer; then nothing is broken. */
  break(mutant: Mutant): void {
    const broken = new Map<string, string>()
    for (const edit of editsOf(mutant)) {
      const path = join(this.folder, edit.file)
      const source = broken.get(path) ?? readFileSync(path, 'utf8')
      if (!broken.has(path)) this.originals.set(path, source)
      broken.set(path, applyEdit(source, edit, mutant.name))
    }
    for (const [path, source] of broken) writeFileSync(path, source)
  }

  mend(): void {
    for (const [path, source] of this.originals) writeFileSync(path, source)
    this.originals.clear()
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function filesOf(root: string): string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    })
    // A linked node_modules is a file to git, and not one of ours.
    return listed.split('\0').filter((file) => file !== '' && file !== 'node_modules')
  } catch (cause) {
    throw new Error(`Mutants are made in a copy of what git lists, and git lists nothing in ${root}.`, {
      cause,
    })
  }
}
