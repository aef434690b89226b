import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { PlainError } from '#internal/runtime/plain-error'
import { problemLine } from '../failure.ts'

const timeoutMs = 20_000
const tries = 4

const problem = z.object({
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})

/** The API answered, but not with what was asked for. */
export class Refusal extends PlainError {
  readonly code: string

  constructor(status: number, code: string, line: string) {
    super(status === 401 && code === 'unauthenticated' ? `${line} Run \`belfry login\`.` : line)
    this.code = code
  }
}

export interface ApiRequest<T> {
  url: string
  token?: string
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  body?: object
  /** Makes a POST happen once however often it is sent: it is then repeated when the answer does not come. */
  idempotencyKey?: string
  answer: z.ZodType<T>
}

/**
 * One request to the API. One that changes nothing, or has a key, is repeated while the server is away or busy.
 * @throws Refusal; PlainError when there is no answer, or not one of Belfry's.
 */
export async function request<T>(options: ApiRequest<T>): Promise<T> {
  const mayRepeat = options.method === 'GET' || options.idempotencyKey !== undefined
  for (let attempt = 1; ; attempt++) {
    const response = await send(options)
    if (mayRepeat && attempt < tries && isPassing(response?.status, attempt)) {
      await delay(125 * 2 ** attempt)
      continue
    }
    if (response === undefined) throw new PlainError(`Nothing answers at ${options.url}. Is Belfry running there?`)
    return read(options, response)
  }
}

/** Whether another try makes sense. 409: the first try under this key, whose answer was lost, is still at work. */
const isPassing = (status: number | undefined, attempt: number) =>
  status === undefined || status === 503 || (status === 409 && attempt > 1)

/** Undefined when no answer came. */
async function send({ url, token, method, path, body, idempotencyKey }: ApiRequest<unknown>) {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (token !== undefined) headers.authorization = `Bearer ${token}`
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey
  if (body) headers['content-type'] = 'application/json'
  const init = { method, headers, signal: AbortSignal.timeout(timeoutMs), ...(body && { body: JSON.stringify(body) }) }
  return fetch(url + path, init)
    .then(async (response) => ({ status: response.status, text: await response.text() }))
    .catch(() => undefined)
}

function read<T>({ url, answer }: ApiRequest<T>, { status, text }: { status: number; text: string }): T {
  const body = parseJson(text)
  if (status >= 200 && status < 300) {
    const parsed = answer.safeParse(body)
    if (parsed.success) return parsed.data
  }
  const refused = problem.safeParse(body)
  if (!refused.success) throw new PlainError(`What answers at ${url} is not Belfry's API (status ${status}).`)
  const { code, detail, errors } = refused.data
  throw new Refusal(status, code, problemLine(detail, errors))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
