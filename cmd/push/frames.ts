import { z } from 'zod'
import { usernamePattern } from '#internal/accounts/account'
import { isUnavailable } from '#internal/db/errors'
import type { Scope } from '#internal/events/event'
import type { Mark } from '#internal/events/mark'
import type { Logger } from '#internal/telemetry/log'
import type { Client } from './client.ts'
import { closeCodes } from './close.ts'
import type { Registry } from './registry.ts'

export const maxFrameBytes = 64 * 1024
// Each watch is a subscription and a lookup.
const maxWatches = 200
// Frames of one client that wait for their look-ups.
const maxWaiting = 256

const id = z.int().positive()
// What a watch is of: exactly one of the two.
const watched = z
  .strictObject({
    type: z.enum(['watch', 'unwatch']),
    conversation_id: id.optional(),
    username: z.string().regex(usernamePattern, 'is no username').optional(),
  })
  .refine((frame) => (frame.conversation_id === undefined) !== (frame.username === undefined), {
    error: 'name a conversation_id or a username',
  })
const streamFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ping') }),
  z.strictObject({ type: z.literal('read'), conversation_id: id, seq: id }),
  watched,
])
const inboxFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ping') }),
  z.strictObject({ type: z.enum(['read', 'acknowledge']), alert_id: id }),
])

type StreamFrame = z.output<typeof streamFrame>
type InboxFrame = z.output<typeof inboxFrame>

export interface FramesOptions {
  clients: Registry
  logger: Logger
  addMark: (mark: Mark) => void
  /** Whether the alert was sent to the object. */
  wasTargeted: (objectId: number, alertId: number) => Promise<boolean>
  /** The account of that name, if there is one. */
  findAccountId: (username: string) => Promise<number | undefined>
}

export type FrameHandler = (client: Client, message: ArrayBuffer, isBinary: boolean) => void

/** Acts on what clients send. A frame that cannot be used is answered with an error frame and changes nothing. */
export function createFrameHandler(options: FramesOptions): FrameHandler {
  return (client, message, isBinary) => {
    if (message.byteLength > maxFrameBytes)
      return void client.ws?.end(closeCodes.tooLarge, 'frames have at most 64 KiB')
    const value = isBinary ? undefined : parse(message)
    if (value === undefined) return void client.ws?.end(closeCodes.notJson, 'frames are JSON text')
    const schema = client.identity.kind === 'inbox' ? inboxFrame : streamFrame
    const frame = schema.safeParse(value)
    if (!frame.success) {
      const [issue] = frame.error.issues
      return reply(client, problem('invalid_frame', `${issue?.path.join('.') || 'frame'}: ${issue?.message}`))
    }
    if (frame.data.type === 'ping') return reply(client, { type: 'pong' })
    const { data } = frame
    if (client.waiting === maxWaiting)
      return reply(client, problem('busy', 'Too many frames wait: send it again later.'))
    client.waiting++
    client.handling = client.handling
      .then(() => act(options, client, data))
      .then(
        (answer) => answer && reply(client, answer),
        (error) => {
          if (!isUnavailable(error)) options.logger.error({ error }, 'a frame could not be handled')
          reply(client, problem('unavailable', 'Try again in a moment.'))
        },
      )
      .finally(() => client.waiting--)
  }
}

async function act(
  options: FramesOptions,
  client: Client,
  frame: StreamFrame | InboxFrame,
): Promise<object | undefined> {
  if ('alert_id' in frame)
    return confirm(options, client, frame.alert_id, frame.type === 'read' ? 'read' : 'acknowledged')
  if ('username' in frame && frame.username) return watch(options, client, frame.type === 'watch', frame.username)
  return problem('not_found', 'There is no such conversation.')
}

async function confirm(options: FramesOptions, client: Client, alertId: number, kind: 'read' | 'acknowledged') {
  const objectId = client.identity.object!.id
  if (!(await options.wasTargeted(objectId, alertId)))
    return problem('not_found', 'There is no such alert in this inbox.')
  options.addMark({ kind, object_id: objectId, alert_id: alertId, at: new Date().toISOString() })
  return undefined
}

async function watch({ clients, findAccountId }: FramesOptions, client: Client, on: boolean, username: string) {
  const accountId = await findAccountId(username)
  if (accountId === undefined) return problem('not_found', 'There is no such account.')
  const scope: Scope = `status:${accountId}`
  const watched = client.scopes.indexOf(scope)
  if (!client.ws || on === watched >= 0) return undefined
  if (on) {
    if (client.watches === maxWatches) return problem('too_many_watches', `At most ${maxWatches} watches.`)
    client.watches++
    client.scopes.push(scope)
    clients.join(client, scope)
    if (client.live) client.ws.subscribe(scope)
  } else {
    client.watches--
    client.scopes.splice(watched, 1)
    clients.leave(client, scope)
    client.ws.unsubscribe(scope)
  }
  return undefined
}

function parse(message: ArrayBuffer): unknown {
  try {
    return JSON.parse(Buffer.from(message).toString('utf8'))
  } catch {
    return undefined
  }
}

const problem = (code: string, detail: string) => ({ type: 'error', code, detail })

function reply(client: Client, frame: object): void {
  client.ws?.send(JSON.stringify(frame))
}
