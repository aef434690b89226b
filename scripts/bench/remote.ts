import type { ChildProcess } from 'node:child_process'

// Calls between the bench and its load programs, over the channel that Node gives child processes.
type Handler = (argument: never) => unknown
export type Handlers = Record<string, Handler>
type Answer<H> = H extends (argument: never) => infer R ? Awaited<R> : never
type Argument<H> = H extends (argument: infer A) => unknown ? A : never

interface Request {
  id: number
  name: string
  argument: unknown
}

type Message = { id: number; result?: unknown; error?: string } | { event: string; value: unknown }

/** In the child: answers calls until the bench goes away. */
export function serve(handlers: Handlers): void {
  process.on('message', async ({ id, name, argument }: Request) => {
    try {
      process.send!({ id, result: await handlers[name]!(argument as never) })
    } catch (error) {
      process.send!({ id, error: (error as Error).stack ?? String(error) })
    }
  })
  // A bench that was killed must not leave load behind.
  process.on('disconnect', () => process.exit())
}

/** In the child: tells the bench something that it did not ask for. */
export const tell = (event: string, value: unknown): void => void process.send!({ event, value })

/** In the bench: one load program. */
export class Remote<H extends Handlers> {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  readonly #listeners = new Map<string, (value: never) => void>()
  #calls = 0

  constructor(child: ChildProcess, name: string) {
    this.#child = child
    this.pid = child.pid!
    child.on('message', (message: Message) => this.#take(message))
    child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${name} ended (${signal ?? code})`))
      this.#waiting.clear()
    })
  }

  ask<K extends keyof H & string>(name: K, argument: Argument<H[K]>): Promise<Answer<H[K]>> {
    const id = ++this.#calls
    this.#child.send({ id, name, argument } satisfies Request)
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  on<T>(event: string, listener: (value: T) => void): void {
    this.#listeners.set(event, listener)
  }

  #take(message: Message): void {
    if ('event' in message) {
      this.#listeners.get(message.event)?.(message.value as never)
      return
    }
    const call = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error === undefined) call?.resolve(message.result as never)
    else call?.reject(new Error(message.error))
  }
}
