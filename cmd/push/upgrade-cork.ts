import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { HttpResponse, TemplatedApp } from './uws.ts'

// Upgrades in one second that are made the careful way; it costs four times as much.
const carefulPerSecond = 100

/**
 * Where late upgrades are made. An upgrade that comes after its request was handled, as ours that look credentials up, must be made
 * inside a cork. When the cork of its own response ends, uWebSockets.js before 20.79 reads memory that the upgrade has freed (its
 * pull request 1929) and may cut the new socket: in one process of four the first few, later one in some thousand. So upgrades are
 * made inside the cork of another response: one of this process's own that is never answered. In a storm of reconnections, where
 * that is too slow, they are made in their own: who is cut comes back by its cursor.
 */
export class UpgradeCork {
  readonly #path = `/${randomUUID()}`
  readonly #held: Promise<void>
  #response: HttpResponse | undefined
  #socket: Socket | undefined
  #second = 0
  #count = 0

  constructor(app: TemplatedApp) {
    this.#held = new Promise((resolve) => {
      app.get(this.#path, (response) => {
        response.onAborted(() => {
          this.#response = undefined
        })
        this.#response = response
        resolve()
      })
    })
  }

  /** Asks for the response that lends its cork; resolves when it is there. @throws when `app` does not listen there. */
  async open(host: string, port: number): Promise<void> {
    const socket = connect({ host, port })
    this.#socket = socket.unref()
    socket.write(`GET ${this.#path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await Promise.race([this.#held, new Promise((_, reject) => socket.on('error', reject))])
  }

  close(): void {
    this.#socket?.destroy()
  }

  /** Runs `upgrade`, which upgrades `response` and does nothing else, at once. */
  run(response: HttpResponse, upgrade: () => void): void {
    const second = Math.floor(performance.now() / 1000)
    this.#count = second === this.#second ? this.#count + 1 : 1
    this.#second = second
    const corked = (this.#count <= carefulPerSecond && this.#response) || response
    corked.cork(upgrade)
  }
}
