import type { IncomingMessage } from 'node:http'
import { Problem } from '#internal/runtime/problem'
import { hasBody, isPlain, readBytes } from './body.ts'
import type { Principal } from './principal.ts'
import type { Call } from './route.ts'

/** A body that is a file. */
export interface Upload<P = unknown, U = unknown> {
  /** Media types that are taken. */
  types: readonly string[]
  /** Bytes, at most. */
  limit: number
  /** Before anything of the body is read. @throws what the caller is told who may not upload */
  admit(call: UploadCall<P>): Promise<void>
  /** Makes of the bytes what the handler gets. It runs before the handler's transaction: nothing of the database is held. */
  receive(call: UploadCall<P>, bytes: Buffer, type: string): Promise<U>
}

export type UploadCall<P> = Call<P, unknown, unknown>

/** Bodies in memory at a time, in this process and of one caller: few enough for a small machine. */
const atOnce = 16
const atOncePerCaller = 4
const running = new Map<string, number>()

/** Takes the body in and hands what became of it to `work`. @throws 400, 413, 415, 503 when there are too many, and what `upload` throws */
export async function withUpload<T>(
  upload: Upload,
  request: IncomingMessage,
  call: UploadCall<unknown>,
  work: (received: unknown, bytes: Buffer) => Promise<T>,
): Promise<T> {
  const type = mediaType(request, upload.types)
  await upload.admit(call)
  const giveBack = takeSlot(call.principal)
  try {
    const bytes = hasBody(request) ? await readBytes(request, upload.limit) : Buffer.alloc(0)
    if (bytes.length === 0) throw new Problem('malformed', 'body_missing', 'A body is needed.')
    return await work(await upload.receive(call, bytes, type), bytes)
  } finally {
    giveBack()
  }
}

function mediaType(request: IncomingMessage, types: readonly string[]): string {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (types.includes(type) && isPlain(request)) return type
  const detail = `The body must be one of ${types.join(', ')}, and not compressed.`
  throw new Problem('unsupported_media_type', 'unsupported_media_type', detail)
}

function takeSlot(principal: Principal | undefined): () => void {
  const caller = principal?.kind === 'account' ? `account:${principal.account.id}` : 'others'
  const own = running.get(caller) ?? 0
  const total = [...running.values()].reduce((sum, count) => sum + count, 0)
  if (own >= atOncePerCaller || total >= atOnce)
    throw new Problem('unavailable', 'busy', 'Too many uploads at this moment. Try again.', { retryAfter: 1 })
  running.set(caller, own + 1)
  return () => {
    const left = running.get(caller)! - 1
    if (left > 0) running.set(caller, left)
    else running.delete(caller)
  }
}
