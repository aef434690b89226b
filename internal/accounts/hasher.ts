import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import { newSecret } from '#internal/runtime/ids'
import { Problem } from '#internal/runtime/problem'
import { Semaphore } from '#internal/runtime/semaphore'

// OWASP's first choice for argon2id (the library's default algorithm).
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export interface Hasher {
  hash(password: string): Promise<string>
  /** Takes the same time whether or not there is a hash: an unknown user cannot be told from a wrong password. */
  verify(stored: string | undefined, password: string): Promise<boolean>
}

export interface HasherOptions {
  /** Hashes at a time. More than there are cores makes each slower and blocks the thread pool for files and DNS. */
  parallel?: number
  /** Callers that may wait; the next is told to come back later. */
  queue?: number
}

/** @throws from both functions a 503 `busy` when too many wait. */
export function createHasher({ parallel = availableParallelism(), queue = 200 }: HasherOptions = {}): Hasher {
  const semaphore = new Semaphore(parallel)
  let dummy: Promise<string> | undefined

  function limited<T>(work: () => Promise<T>): Promise<T> {
    if (semaphore.queued < queue) return semaphore.run(work)
    throw new Problem('unavailable', 'busy', 'Too many logins at this moment. Try again.', { retryAfter: 1 })
  }

  // One form of what looks the same, whatever the keyboard that typed it.
  const normal = (password: string) => password.normalize('NFKC')
  const hashOne = (password: string) => hash(normal(password), cost)

  return {
    hash: async (password) => limited(() => hashOne(password)),
    async verify(stored, password) {
      dummy ??= hashOne(newSecret())
      const against = stored ?? (await dummy)
      const same = await limited(() => verify(against, normal(password)))
      return same && stored !== undefined
    },
  }
}
