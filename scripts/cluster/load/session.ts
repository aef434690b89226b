import { setTimeout as delay } from 'node:timers/promises'

// biome-ignore lint/suspicious/noExplicitAny: any body
type Body = any

const timeoutMs = 20_000

/** Somebody who has logged in. */
export class Session {
  readonly #url: string
  readonly token: string

  private constructor(url: string, token: string) {
    this.#url = url
    this.token = token
  }

  static async register(url: string, username: string): Promise<Session> {
    const account = { username, password: 'only for this load' }
    const nobody = new Session(url, '')
    await nobody.must('POST', '/api/v1/accounts', account)
    return new Session(url, (await nobody.must('POST', '/api/v1/sessions', account)).token)
  }

  /** One request. Rejects when no answer comes. */
  async send(method: string, path: string, body?: object, key?: string): Promise<{ status: number; body: Body }> {
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (this.token) headers.authorization = `Bearer ${this.token}`
    if (key) headers['idempotency-key'] = key
    const init = {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && { body: JSON.stringify(body) }),
    }
    const response = await fetch(this.#url + path, init)
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : undefined }
  }

  /** The body of a 2xx; tries for a minute to get one. For what comes before the load. */
  async must(method: string, path: string, body?: object): Promise<Body> {
    for (const end = Date.now() + 60_000; ; await delay(500)) {
      const answer = await this.send(method, path, body).catch((error: Error) => ({ status: 0, body: error.message }))
      if (answer.status >= 200 && answer.status < 300) return answer.body
      if (Date.now() > end || (answer.status >= 400 && answer.status < 500))
        throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    }
  }
}
