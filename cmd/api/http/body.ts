import type { IncomingMessage } from 'node:http'
import { type FieldError, Problem } from '#internal/runtime/problem'
import { isUsable } from '#internal/runtime/usable'

/** Bytes of a JSON body, at most. */
export const bodyLimit = 1024 * 1024
const maxDepth = 32

const tooLarge = (limit: number) =>
  new Problem('too_large', 'body_too_large', `The body is larger than ${limit} bytes.`)

const incomplete = () => new Problem('malformed', 'body_incomplete', 'The body ended too early.')

/** Whether the request says that it has a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true
  return headers['content-length'] !== undefined && Number(headers['content-length']) > 0
}

/** The raw bytes of a JSON body. @throws 415 for another media type, and what `readBytes` throws */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  if (!isJson(request.headers['content-type']) || !isPlain(request))
    throw new Problem('unsupported_media_type', 'unsupported_media_type', 'The body must be application/json in UTF-8.')
  return readBytes(request, bodyLimit)
}

/**
 * The raw bytes of a body. Faster than `for await`, and stops at the limit without reading on.
 * @throws 413 above the limit, 400 when the client goes away in the middle.
 */
export function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  // Gone before anybody listened: nothing would ever come.
  if (request.destroyed) throw incomplete()
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const done = (settle: () => void) => {
      request.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone)
      settle()
    }
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) return void chunks.push(chunk)
      request.pause()
      done(() => reject(tooLarge(limit)))
    }
    const onEnd = () => done(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)))
    const onGone = () => done(() => reject(incomplete()))
    request.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone)
  })
}

/** application/json or application/anything+json; a charset, if given, must be UTF-8. */
function isJson(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true
  if (contentType === undefined) return false
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  if (!/^application\/([\w.-]+\+)?json$/.test(type.trim())) return false
  return parameters.every((p) => !/^\s*charset\s*=/.test(p) || /=\s*"?utf-8"?\s*$/.test(p))
}

/** Whether the body is not compressed. */
export const isPlain = ({ headers }: IncomingMessage) =>
  (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Parses a JSON body. @throws 400 for what is not JSON in UTF-8, 422 for strings and names that nothing may hold. */
export function parseJson(raw: Buffer): unknown {
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(raw))
  } catch {
    throw new Problem('malformed', 'malformed_json', 'The body is not JSON in UTF-8.')
  }
  checkValue(value, '', 0)
  return value
}

/** Refuses NUL, lone surrogates, names that reach prototypes, and depth; recursion ends at the depth limit. */
function checkValue(value: unknown, path: string, depth: number): void {
  if (typeof value === 'string') {
    if (!isUsable(value)) throw refused(path, 'must not contain NUL or lone surrogates')
  } else if (typeof value === 'object' && value !== null) {
    if (depth === maxDepth) throw refused('', `is nested deeper than ${maxDepth} levels`)
    for (const key of Object.keys(value)) {
      const inner = path === '' ? key : `${path}.${key}`
      if (key === '__proto__' || key === 'constructor' || key === 'prototype')
        throw refused(inner, 'is not a known field')
      if (!isUsable(key)) throw refused(path, 'has a name with NUL or lone surrogates')
      checkValue((value as Record<string, unknown>)[key], inner, depth + 1)
    }
  }
}

function refused(path: string, message: string): Problem {
  const errors: FieldError[] = [{ path, message }]
  return new Problem('invalid', 'invalid_fields', 'Some fields are not valid.', { errors })
}
