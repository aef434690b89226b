import { createHash, randomBytes } from 'node:crypto'

/** A new secret of 32 random bytes, as 64 hex digits. */
export function newSecret(): string {
  return randomBytes(32).toString('hex')
}

/** What is stored instead of a secret. The input has 256 random bits, so a plain hash is enough. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
