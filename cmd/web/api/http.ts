import { type FieldProblem, Refused, Unreachable } from './problem.ts'

const timeoutMs = 20_000

export interface Ask {
  body?: unknown
  /** Makes a POST happen once, however often it is sent. */
  key?: string | undefined
  signal?: AbortSignal | undefined
  /** Instead of the session's. */
  token?: string | undefined
}

export interface Client {
  get<T>(path: string, ask?: Ask): Promise<T>
  post<T>(path: string, body?: unknown, ask?: Ask): Promise<T>
  put<T>(path: string, body?: unknown, ask?: Ask): Promise<T>
  patch<T>(path: string, body: unknown, ask?: Ask): Promise<T>
  delete<T>(path: string, ask?: Ask): Promise<T>
  /** A file as body, and a file as answer. */
  upload<T>(path: string, file: Blob, ask?: Ask): Promise<T>
  download(path: string, ask?: Ask): Promise<Blob>
}

export interface ClientOptions {
  token: () => string | undefined
  /** Called when the server says that the session is over. */
  onEnded: (token: string) => void
  fetch?: typeof fetch
}

/**
 * The API below /api/v1; `path` begins after that. @throws Refused when it says no, Unreachable when it says nothing.
 */
export function createClient({ token, onEnded, fetch: send = (...args) => fetch(...args) }: ClientOptions): Client {
  async function ask(method: string, path: string, options: Ask, body?: BodyInit, type?: string): Promise<Response> {
    const bearer = options.token ?? token()
    const headers: Record<string, string> = { accept: 'application/json' }
    if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`
    if (type) headers['content-type'] = type
    if (options.key) headers['idempotency-key'] = options.key
    const limit = AbortSignal.timeout(timeoutMs)
    const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit
    const init: RequestInit = { method, headers, signal, ...(body === undefined ? {} : { body }) }
    const response = await send(`/api/v1${path}`, init).catch((error) => {
      if (options.signal?.aborted) throw error
      throw new Unreachable()
    })
    if (response.ok) return response
    const refused = await refusal(response)
    if (refused.status === 401 && refused.code === 'unauthenticated' && bearer && !options.token) onEnded(bearer)
    throw refused
  }

  const json = async <T>(method: string, path: string, options: Ask = {}, body = options.body): Promise<T> => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const response = await ask(method, path, options, text, text === undefined ? undefined : 'application/json')
    if (response.status === 204) return undefined as T
    return response.json().catch(() => {
      throw new Unreachable()
    })
  }
  return {
    get: (path, options) => json('GET', path, options),
    post: (path, body, options) => json('POST', path, options, body),
    put: (path, body, options) => json('PUT', path, options, body),
    patch: (path, body, options) => json('PATCH', path, options, body),
    delete: (path, options) => json('DELETE', path, options),
    upload: async (path, file, options = {}) => (await ask('POST', path, options, file, file.type)).json(),
    download: async (path, options = {}) => (await ask('GET', path, options)).blob(),
  }
}

async function refusal(response: Response): Promise<Refused> {
  const problem = (await response.json().catch(() => undefined)) as
    | { code?: string; detail?: string; errors?: FieldProblem[] }
    | undefined
  const retryAfter = Number(response.headers.get('retry-after'))
  return new Refused({
    status: response.status,
    code: problem?.code ?? 'unknown',
    detail: problem?.detail ?? `The server answered with status ${response.status}.`,
    ...(problem?.errors && { errors: problem.errors }),
    ...(retryAfter > 0 && { retryAfter }),
  })
}
