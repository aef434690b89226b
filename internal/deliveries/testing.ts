import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Message } from './delivery.ts'
import type { DeliveryTimes } from './start.ts'

/** What a provider does with the next messages, for as long as it is not told otherwise. */
export type Mood = 'accept' | 'stall' | 'drop' | number

export interface Mail {
  from: string
  to: string
  /** As it came in. */
  source: string
}

export interface TestSmtp {
  url: string
  mails: Mail[]
  /** A number is the SMTP answer to each recipient; `drop` cuts the connection in the middle of the message. */
  mood: Mood
  /** Times that a recipient was named. */
  attempts: number
  /** Connections that were opened. */
  connections: number
  /** Milliseconds until a message is accepted. */
  delayMs: number
  stop(): Promise<void>
}

/** A real SMTP server on the loopback. With `user`, it wants a login with the password `secret`. */
export async function startTestSmtp(user?: string): Promise<TestSmtp> {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', ...(user === undefined ? ['AUTH'] : [])],
    authOptional: user === undefined,
    allowInsecureAuth: true,
    closeTimeout: 10,
    onAuth(auth, _session, callback) {
      if (auth.username === user && auth.password === 'secret') callback(null, { user })
      else callback(new Error('Bad credentials'))
    },
    onConnect(_session, callback) {
      smtp.connections++
      callback()
    },
    onRcptTo({ address }, _session, callback) {
      smtp.attempts++
      const { mood } = smtp
      if (mood === 'stall') return
      if (typeof mood === 'number')
        callback(Object.assign(new Error(`Not now, or not here: ${address}`), { responseCode: mood }))
      else callback()
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        if (smtp.mood === 'drop') for (const each of server.connections) each._socket.destroy()
        chunks.push(chunk)
      })
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const mail = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map((each) => each.address).join(),
          source: Buffer.concat(chunks).toString(),
        }
        setTimeout(() => {
          smtp.mails.push(mail)
          callback()
        }, smtp.delayMs)
      })
    },
  })
  server.on('error', () => undefined)
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const smtp: TestSmtp = {
    url: `smtp://${user === undefined ? '' : `${user}:secret@`}127.0.0.1:${port}`,
    mails: [],
    mood: 'accept',
    attempts: 0,
    connections: 0,
    delayMs: 0,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return smtp
}

export interface TestPost {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface TestHttp {
  url: string
  /** Every request, also those that were not accepted. */
  posts: TestPost[]
  /** Those that were answered with 200. */
  accepted: TestPost[]
  /** A number is the status of the answer. */
  mood: Mood
  /** Of answers that are not 200. */
  headers: Record<string, string>
  stop(): Promise<void>
}

/** A provider that is posted to. */
export async function startTestHttp(): Promise<TestHttp> {
  const server = createServer(async (request, response) => {
    const body = await read(request)
    const post = { method: request.method!, path: request.url!, headers: request.headers, body }
    http.posts.push(post)
    answer(post, response)
  })
  const answer = (post: TestPost, response: ServerResponse) => {
    if (http.mood === 'stall') return
    if (http.mood === 'drop') return void response.destroy()
    const status = http.mood === 'accept' ? 200 : http.mood
    if (status === 200) http.accepted.push(post)
    response.writeHead(status, status === 200 ? {} : http.headers).end('{"answer":"of the provider"}')
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const http: TestHttp = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts: [],
    accepted: [],
    mood: 'accept',
    headers: {},
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return http
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Pauses are so short that a test waits for nothing; what a slow machine must not exceed is long. */
export const quickTimes: DeliveryTimes = {
  retryMs: 20,
  maxRetryMs: 100,
  attemptTimeoutMs: 10_000,
  leaseMs: 30_000,
  graceMs: 100,
  pollMs: 10,
}

export const aMessage = (fields: Partial<Message> = {}): Message => ({
  id: 'belfry-7-3-0-email-abc',
  alert_id: 7,
  object_id: 3,
  channel: 'email',
  round: 0,
  text: 'The boiler is on fire',
  severity: 'critical',
  raised_by: 'dora',
  created_at: new Date('2026-01-01T00:00:00Z'),
  acknowledge_by: null,
  escalates: null,
  email: 'bob@example.com',
  phone_e164: '+12125551234',
  round_at: new Date('2026-01-01T00:00:00Z'),
  ...fields,
})
