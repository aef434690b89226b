export interface SocketListener {
  opened(): void
  /** A text frame. */
  heard(text: string): void
  /** Once. 1006 when there was no close frame, or no connection at all. */
  ended(code: number, reason: string): void
}

const normalClosure = 1000

/** One WebSocket to Belfry. After `drop` its listener hears nothing more. @throws what `new WebSocket` throws */
export class Socket {
  readonly #ws: WebSocket
  #open = false

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
    // Browsers tell a failure by an error and a close. Node 22 has no close where there was no connection.
    ws.onerror = () => {
      if (ws.readyState === WebSocket.CONNECTING) ended(1006, '')
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
    const ws = this.#ws
    ws.onopen = ws.onmessage = ws.onclose = ws.onerror = null
    ws.close(normalClosure)
  }
}
