export interface SocketListener {
  opened(): void
  /** A text frame. */
  heard(text: string): void
  /** Once. 1006 when there was no close frame, or no connection at all. */
  ended(code: number, reason: string): void
}

const normalClosure = 1000
const closeFollowsMs = 50

/** One WebSocket to Belfry. After `drop` its listener hears nothing more. @throws what `new WebSocket` throws */
export class Socket {
  readonly #ws: WebSocket
  #open = false
  #failing: ReturnType<typeof setTimeout> | undefined

  constructor(url: string, token: string, listener: SocketListener) {
    const ws = new WebSocket(url, ['belfry.v1', `bearer.${token}`])
    this.#ws = ws
    const ended = (code: number, reason: string) => {
      this.drop()
      listener.ended(code, reason)
    }
    ws.onopen = () => {
      this.#open = true
      listener.opened()
    }
    ws.onmessage = ({ data }: { data: unknown }) => {
      if (typeof data === 'string') listener.heard(data)
    }
    ws.onclose = ({ code, reason }: { code: number; reason: string }) => ended(code, reason)
    // A close with a code should follow. None does in Node 22 where no connection was made, nor in Chromium where a policy forbids it.
    ws.onerror = () => {
      this.#failing = setTimeout(() => ended(1006, ''), closeFollowsMs)
    }
  }

  /** Whether it was let in. */
  get open(): boolean {
    return this.#open
  }

  send(frame: object): void {
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.send(JSON.stringify(frame))
  }

  drop(): void {
    clearTimeout(this.#failing)
    const ws = this.#ws
    ws.onopen = ws.onmessage = ws.onclose = ws.onerror = null
    ws.close(normalClosure)
  }
}
