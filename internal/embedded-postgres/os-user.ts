import { spawn } from 'node:child_process'
import { chown, readFile } from 'node:fs/promises'
import { PlainError } from '#internal/runtime/plain-error'

/** Whom PostgreSQL's programs run as. Undefined stands for ourselves: only root needs another, for PostgreSQL refuses root. */
export type OsUser = { name: string; uid: number; gid: number } | undefined

/** @param owner uid and gid that own the data already, so that the data of one user can be run by root later. */
export async function choosePostgresUser(owner?: { uid: number; gid: number }): Promise<OsUser> {
  if (process.getuid?.() !== 0) return undefined
  if (owner && owner.uid !== 0) return { name: `uid ${owner.uid}`, ...owner }
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const found = lines.find((fields) => fields[0] === name)
    if (found && Number(found[2]) > 0) return { name, uid: Number(found[2]), gid: Number(found[3]) }
  }
  throw new PlainError(
    'PostgreSQL does not run as root, and there is no user postgres or nobody here. Start Belfry as another user.',
  )
}

export interface Ran {
  code: number
  output: string
}

/**
 * Runs a program to its end, away from our directory, terminal and environment. Never rejects: a program that cannot be started
 * has code -1 and the reason as output.
 */
export function runAs(user: OsUser, program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      // Its own session: Ctrl-C must not cut a start or a stop short.
      detached: true,
      cwd: '/',
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(user && { uid: user.uid, gid: user.gid }),
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve({ code: -1, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? -1, output: output.trim() }))
  })
}

/** Whether the user can enter the directory, asked of the system itself so that access lists and mounts count too. */
export async function canEnter(user: OsUser, directory: string): Promise<boolean> {
  return (await runAs(user, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory])).code === 0
}

export async function giveTo(user: OsUser, path: string): Promise<void> {
  if (user) await chown(path, user.uid, user.gid)
}
