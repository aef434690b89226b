import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { call, Follower, makeObjects, SocketFollower } from '#cmd/all/witness'
import type { System } from './system.ts'

const pauseMs = 50
// One pixel.
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export interface Load {
  /** Makes a request fail, and a webhook. */
  fail(): Promise<void>
  stop(): Promise<void>
}

/** Some of everything, over and over, until it is stopped: alerts, also by e-mail, messages, reads, requests that are refused and one that fails. */
export async function startLoad({ api, pushes }: System): Promise<Load> {
  const { token, objects } = await makeObjects(api, 3)
  const topic = await call(api, 'POST', '/api/v1/topics', { token, body: { name: 'load' } })
  const conversation = `/api/v1/conversations/${topic.body.id}`
  const followers = [
    ...objects.map(({ id, token: own }) => new Follower(pushes, id, own)),
    new SocketFollower(pushes, '/api/v1/stream', token),
  ]
  let stopped = false

  async function turn(n: number): Promise<void> {
    const alert = { text: `alert ${n}`, alert_all: true, ...(n % 10 === 0 && { channels: ['email'] }) }
    await call(api, 'POST', '/api/v1/alerts', { token, body: alert })
    await call(api, 'POST', `${conversation}/messages`, { token, body: { body: `message ${n}` } })
    await call(api, 'GET', `${conversation}/messages`, { token })
    await call(api, 'GET', '/api/v1/alerts/1', {})
    if (n === 2) await upload()
    // A client that comes back.
    if (n % 20 === 0) followers[n % followers.length]!.cut()
  }

  /** Fails. Once: the alerts about objectives are to stay quiet. */
  const upload = () =>
    fetch(`${api}${conversation}/attachments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
      body: png,
    }).then((response) => response.arrayBuffer())

  const running = (async () => {
    for (let n = 0; !stopped; n++) {
      await turn(n)
      await delay(pauseMs)
    }
  })()
  // Whoever stops it gets the error.
  running.catch(() => undefined)
  return {
    async fail() {
      await upload()
      const body = { text: 'by webhook', alert_all: true, channels: ['webhook'] }
      const { status } = await call(api, 'POST', '/api/v1/alerts', { token, body })
      assert.equal(status, 201)
    },
    async stop() {
      stopped = true
      await running.finally(() => Promise.all(followers.map((follower) => follower.stop())))
    },
  }
}
