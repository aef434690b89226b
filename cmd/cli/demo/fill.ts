import type { Knex } from 'knex'
import type { Account } from '#internal/accounts/account'
import { createHasher } from '#internal/accounts/hasher'
import { register } from '#internal/accounts/register'
import { findAccountId, updateAccount } from '#internal/accounts/store'
import { raiseAlert } from '#internal/alerts/alert-store'
import { markInboxItem } from '#internal/alerts/inbox'
import { parsePhone } from '#internal/alerts/object'
import { createObject } from '#internal/alerts/object-store'
import { checkImage } from '#internal/attachments/image'
import { postgresContents } from '#internal/attachments/postgres-contents'
import { attached, createAttachment } from '#internal/attachments/store'
import type { Actor } from '#internal/conversations/conversation'
import { openConversation } from '#internal/conversations/direct'
import { acceptInvitation, invite } from '#internal/conversations/invitations'
import { postMessage } from '#internal/conversations/post'
import { addReaction } from '#internal/conversations/reactions'
import { markRead } from '#internal/conversations/receipts-apply'
import { createTopic, joinTopic } from '#internal/conversations/topics'
import { askFriend } from '#internal/friends/friends'
import { PlainError } from '#internal/runtime/plain-error'
import { setStatus } from '#internal/statuses/statuses'
import { type Alert, alerts, type Post, people, type Topic, talks, topics, volunteers } from './organisation.ts'

const minuteMs = 60_000
const founded = 8000

export interface Filled {
  accounts: string[]
  conversations: number
  messages: number
  objects: number
  alerts: number
}

/**
 * Makes the sample organisation through the domains, as people would have: every rule and event applies. All in one transaction.
 * @throws PlainError when it is there already
 */
export function fillDemo(db: Knex, password: string, now: Date): Promise<Filled> {
  return db.transaction((trx) => new Demo(trx, now).fill(password))
}

class Demo {
  readonly #trx: Knex.Transaction
  readonly #now: Date
  readonly #actors = new Map<string, Actor>()
  #messages = 0

  constructor(trx: Knex.Transaction, now: Date) {
    this.#trx = trx
    this.#now = now
  }

  async fill(password: string): Promise<Filled> {
    if ((await findAccountId(this.#trx, people[0]!.username)) !== undefined)
      throw new PlainError(`There is an account ${people[0]!.username} already: the sample is made once.`)
    await this.#makePeople(password)
    for (const topic of topics) await this.#makeTopic(topic)
    for (const talk of talks) await this.#makeTalk(talk)
    const objectIds = await this.#makeVolunteers()
    for (const alert of alerts) await this.#raise(alert, objectIds)
    return {
      accounts: people.map(({ username }) => username),
      conversations: topics.length + talks.length,
      messages: this.#messages,
      objects: objectIds.length,
      alerts: alerts.length,
    }
  }

  #ago = (minutes: number) => new Date(this.#now.getTime() - minutes * minuteMs)
  #clockAt = (minutes: number) => ({ now: () => this.#ago(minutes) })
  #actor = (username: string) => this.#actors.get(username)!

  async #makePeople(password: string): Promise<void> {
    const hasher = createHasher()
    for (const { username, first_name, last_name, role, status } of people) {
      const email = `${username}@harbour.example`
      const made = await register(
        this.#trx,
        { hasher, now: this.#ago(founded) },
        { username, password, email, first_name, last_name },
      )
      const account = role && made.role === 'member' ? await updateAccount(this.#trx, made.id, { role }) : made
      this.#actors.set(username, account as Account)
      if (status) await setStatus(this.#trx, account as Account, { text: status, now: this.#now, hours: 24 })
    }
    const [first, ...others] = [...this.#actors.values()]
    for (const other of others.slice(0, 3)) {
      await this.#ask(first!, other, founded - 100)
      await this.#ask(other, first!, founded - 110)
    }
    await this.#ask(others[3]!, first!, 90)
  }

  /** To be friends; who was asked by the other one accepts with that. */
  async #ask(one: Actor, other: Actor, ago: number): Promise<void> {
    const person = people.find(({ username }) => username === other.username)!
    await askFriend(this.#trx, one.id, { ...person, id: other.id }, this.#ago(ago))
  }

  async #makeTopic({ name, description, visibility, members, invited = [], posts }: Topic): Promise<void> {
    const [owner, ...others] = members.map(this.#actor)
    const beginning = this.#ago(Math.max(...posts.map(({ ago }) => ago)) + 5)
    const fields = { name, description, visibility, members_may_invite: false }
    const { id } = await createTopic(this.#trx, owner!, fields, beginning)
    for (const other of others) {
      if (visibility === 'public') await joinTopic(this.#trx, id, other, beginning)
      else {
        const { invitation } = await invite(this.#trx, id, owner!, other, beginning)
        await acceptInvitation(this.#trx, invitation.id, other, beginning)
      }
    }
    await this.#say(id, posts, members)
    for (const name of invited) await invite(this.#trx, id, owner!, this.#actor(name), this.#ago(20))
  }

  async #makeTalk({ name, members, posts }: (typeof talks)[number]): Promise<void> {
    const begins = this.#ago(Math.max(...posts.map(({ ago }) => ago)) + 1)
    const wanted = { members: members.slice(1), name: name ?? null }
    const { id } = await openConversation(this.#trx, this.#actor(members[0]!), wanted, begins)
    await this.#say(id, posts, members)
  }

  async #say(conversationId: number, posts: readonly Post[], members: readonly string[]): Promise<void> {
    let before: { id: number; seq: number } | undefined
    for (const { by, ago, text, image, reactions = {}, reply } of posts) {
      // Who answers has read what was there.
      if (before) await markRead(this.#trx, this.#actor(by).id, conversationId, before.seq, this.#ago(ago + 0.5))
      const attachmentIds = image ? [await this.#upload(conversationId, this.#actor(by), image, this.#ago(ago))] : []
      const message = { body: text, replyTo: reply ? (before?.id ?? null) : null, attachmentIds }
      before = await postMessage(this.#trx, this.#actor(by), conversationId, message, this.#ago(ago), attached)
      this.#messages++
      for (const [emoji, names] of Object.entries(reactions))
        for (const name of names) await addReaction(this.#trx, before.id, emoji, this.#actor(name), this.#ago(ago - 1))
    }
    // The last ones have not looked yet.
    for (const name of before ? members.slice(0, Math.floor(members.length * 0.6)) : [])
      await markRead(this.#trx, this.#actor(name).id, conversationId, before!.seq, this.#ago(1))
  }

  /** Into PostgreSQL, wherever the installation keeps new ones: it reads from both. */
  async #upload(conversationId: number, by: Actor, bytes: Buffer, now: Date): Promise<number> {
    const mediaType = 'image/webp'
    const staged = await postgresContents.stage(this.#trx, bytes, mediaType, now)
    const upload = {
      conversationId,
      uploaderId: by.id,
      mediaType,
      staged,
      ...(await checkImage(bytes, mediaType)),
    } as const
    return (await createAttachment(this.#trx, upload, postgresContents, now)).id
  }

  async #makeVolunteers(): Promise<number[]> {
    const ids: number[] = []
    for (const contact of volunteers) {
      const phone_e164 = parsePhone(contact.phone_number, 'US')!
      ids.push((await createObject(this.#trx, { ...contact, phone_e164 }, this.#clockAt(founded))).id)
    }
    return ids
  }

  async #raise(alert: Alert, objectIds: number[]): Promise<void> {
    const { text, severity, to, ago, by, read, acknowledged, acknowledgeWithin } = alert
    const targets = to === 'all' ? objectIds : objectIds.slice(0, to)
    const raise = {
      text,
      severity,
      alertAll: to === 'all',
      objectIds: to === 'all' ? [] : targets,
      acknowledgeBy: acknowledgeWithin === undefined ? null : this.#ago(-acknowledgeWithin),
      raisedBy: by,
    }
    const { id } = await raiseAlert(this.#trx, raise, this.#clockAt(ago))
    for (const [i, objectId] of targets.entries()) {
      const share = i / targets.length
      if (share >= read) break
      const kind = share < acknowledged ? 'acknowledged' : 'read'
      // The first ones are quick, the last ones need most of the time since.
      await markInboxItem(
        this.#trx,
        { kind, objectId, alertId: id },
        this.#clockAt(ago - Math.min(share, 0.9) * Math.min(ago, 60)),
      )
    }
  }
}
