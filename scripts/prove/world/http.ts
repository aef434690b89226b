import { Agent, request } from 'node:http'

export interface Call {
  method: string
  path: string
  token?: string | undefined
  /** Idempotency-Key. */
  key?: string | undefined
  body?: unknown
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: what the API answers is checked field by field
  body: any
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 })
// Longer than PostgreSQL needs to give a statement up, shorter than the longest pause of a process.
const timeoutMs = 8000

/**
 * One request. Rejects when there is no answer: then nobody knows whether it happened, unless the error's code is ECONNREFUSED.
 */
export function call(port: number, { method, path, token, key, body }: Call): Promise<Answer> {
  const payload = body === undefined ? undefined : JSON.stringify(body)
  const headers: Record<string, string | number> = {}
  if (token) headers.authorization = `Bearer ${token}`
  if (key) headers['idempotency-key'] = key
  if (payload !== undefined) {
    headers['content-type'] = 'application/json'
    headers['content-length'] = Buffer.byteLength(payload)
  }
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, method, path, headers, timeout: timeoutMs }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => (text += chunk))
      response.on('error', reject)
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode!, body: text === '' ? undefined : JSON.parse(text) })
        } catch (error) {
          reject(error)
        }
      })
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.on('error', reject)
    sent.end(payload)
  })
}

/** Whether the answer is one that an outage explains: the same request may be sent again. */
export const isOutage = ({ status, body }: Answer): boolean =>
  status === 503 || (status === 409 && body?.code === 'idempotency_key_running')

/** Whether the request cannot have reached anybody. */
export const wasRefused = (error: unknown): boolean => (error as { code?: string }).code === 'ECONNREFUSED'

/** Ends the connections that are kept. */
export const hangUp = (): void => agent.destroy()
