import { z } from 'zod'
import { usernamePattern } from '#internal/accounts/account'
import { isUnavailable } from '#internal/db/errors'
import type { Scope } from '#internal/events/event'
import type { Mark } from '#internal/events/mark'
import { conversationScope } from '#internal/events/scope'
import type { Logger } from '#internal/telemetry/log'
import type { Client } from './client.ts'
import { closeCodes } from './close.ts'
import type { Hub } from './hub.ts'

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
type Watched = z.output<typeof watched>
type InboxFrame = z.output<typeof inboxFrame>

export interface FramesOptions {
  hub: Hub
  logger: Logger
  addMark: (mark: Mark) => void
  /** Whether the alert was sent to the object. */
  wasTargeted: (objectId: number, alertId: number) => Promise<boolean>
  /** The account of that name, if there is one. */
  findAccountId: (username: string) => Promise<number | undefined>
  isPublicTopic: (conversationId: number) => Promise<boolean>
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
  if (frame.type === 'read') return read(options, client, frame)
  if (frame.type === 'watch') return watch(options, client, frame)
  if (frame.type === 'unwatch') return unwatch(options, client, frame)
  return undefined
}

async function confirm(options: FramesOptions, client: Client, alertId: number, kind: 'read' | 'acknowledged') {
  const objectId = client.identity.object!.id
  if (!(await options.wasTargeted(objectId, alertId)))
    return problem('not_found', 'There is no such alert in this inbox.')
  options.addMark({ kind, object_id: objectId, alert_id: alertId, at: new Date().toISOString() })
  return undefined
}

function read(
  { addMark }: FramesOptions,
  { visibility, live, identity: { session } }: Client,
  { conversation_id, seq }: { conversation_id: number; seq: number },
) {
  // Where a client that is still being caught up is in the log, it may not have joined yet: the worker knows.
  if (live && !visibility.isMember(conversation_id)) return noConversation()
  const account_id = session!.accountId
  addMark({ kind: 'read', account_id, conversation_id, seq, at: new Date().toISOString() })
  return undefined
}

async function watch(options: FramesOptions, client: Client, frame: Watched) {
  const scope = await watchable(options, frame)
  if (!scope) return frame.username === undefined ? noConversation() : problem('not_found', 'There is no such account.')
  if (client.visibility.watching >= maxWatches && !client.visibility.watches(scope))
    return problem('too_many_watches', `At most ${maxWatches} watches.`)
  if (client.ws) options.hub.watch(client, scope)
  return undefined
}

async function unwatch({ hub, findAccountId }: FramesOptions, client: Client, frame: Watched) {
  if (frame.username === undefined) return void hub.unwatch(client, conversationScope(frame.conversation_id!))
  const accountId = await findAccountId(frame.username)
  if (accountId === undefined) return problem('not_found', 'There is no such account.')
  return void hub.unwatch(client, `status:${accountId}`)
}

/** The scope that the frame asks for, if it may be watched at this moment. */
async function watchable(
  { hub, findAccountId, isPublicTopic }: FramesOptions,
  { username, conversation_id }: Watched,
): Promise<Scope | undefined> {
  if (username !== undefined) {
    const accountId = await findAccountId(username)
    return accountId === undefined ? undefined : `status:${accountId}`
  }
  for (;;) {
    const { withdrawals } = hub
    if (!(await isPublicTopic(conversation_id!))) return undefined
    // What this process was told of meanwhile, the answer may be older than.
    if (hub.withdrawals === withdrawals) return conversationScope(conversation_id!)
  }
}

function parse(message: ArrayBuffer): unknown {
  try {
    return JSON.parse(Buffer.from(message).toString('utf8'))
  } catch {
    return undefined
  }
}

const noConversation = () => problem('not_found', 'There is no such conversation.')

const problem = (code: string, detail: string) => ({ type: 'error', code, detail })

function reply(client: Client, frame: object): void {
  client.ws?.send(JSON.stringify(frame))
}
