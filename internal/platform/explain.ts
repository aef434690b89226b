import { ConfigError } from '#internal/config/read'
import { PlainError } from '#internal/runtime/plain-error'

const diskCodes: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file is in the way',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
}

/** What to tell the person at the terminal; undefined for an error that only a stack trace explains. */
export function explain(error: unknown): string | undefined {
  if (error instanceof PlainError || error instanceof ConfigError) return error.message
  const { code, path, port, address, message, syscall } = error as NodeJS.ErrnoException & {
    port?: number
    address?: string
  }
  if (code === 'EADDRINUSE' && port !== undefined) return portLine(code, 'port', port, address ?? '')
  if (code !== undefined && path !== undefined && diskCodes[code]) {
    return `Cannot write ${path}: ${diskCodes[code]}. Set BELFRY_DATA_DIR to a directory that this user may write.`
  }
  if (code === 'ENOENT' && syscall === 'mkdir')
    return `Cannot make ${path}. Set BELFRY_DATA_DIR to a directory that can be made.`
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === '28P01' || code === '3D000') {
    return `PostgreSQL cannot be used: ${message}. Look at BELFRY_DATABASE_URL.`
  }
  return undefined
}

/** @param setting name without the prefix. */
export function portLine(code: string, setting: string, port: number, host: string): string {
  const variable = `BELFRY_${setting.toUpperCase()}`
  if (code === 'EACCES')
    return `Port ${port} needs more rights than this user has. Set ${variable} to a port above 1023.`
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken. Stop the program that listens there, or set ${variable} to another port.`
  return `Cannot listen on ${host}:${port} (${code}). Look at BELFRY_HOST and ${variable}.`
}

/** Ends the process with a plain line when the configuration is not valid. */
export function plainly<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    process.stderr.write(`${explain(error) ?? (error as Error).stack}\n`)
    process.exit(1)
  }
}
