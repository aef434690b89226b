import type { Scope } from '#internal/events/event'
import type { Client } from './client.ts'

/** The open clients, by the scopes that they are found by: their keys, and once they are live all that they see. */
export class Registry {
  readonly #byScope = new Map<Scope, Set<Client>>()
  readonly #all = new Set<Client>()
  /** The newest directory version at which any object that has been connected here was made. */
  #youngestObject = 0

  add(client: Client): void {
    this.#all.add(client)
    for (const scope of client.keys) this.join(client, scope)
    const made = client.identity.object?.createdVersion ?? 0
    if (made > this.#youngestObject) this.#youngestObject = made
  }

  remove(client: Client): void {
    this.#all.delete(client)
    for (const scope of [...client.keys, ...client.visibility.scopes]) this.leave(client, scope)
  }

  join(client: Client, scope: Scope): void {
    const members = this.#byScope.get(scope)
    if (members) members.add(client)
    else this.#byScope.set(scope, new Set([client]))
  }

  leave(client: Client, scope: Scope): void {
    const members = this.#byScope.get(scope)
    members?.delete(client)
    if (members?.size === 0) this.#byScope.delete(scope)
  }

  in(scope: Scope): ReadonlySet<Client> {
    return this.#byScope.get(scope) ?? none
  }

  get all(): ReadonlySet<Client> {
    return this.#all
  }

  /** Bytes that were sent and that clients have not read yet, of all of them. */
  bufferedBytes(): number {
    let bytes = 0
    for (const { ws } of this.#all) bytes += ws?.getBufferedAmount() ?? 0
    return bytes
  }

  /** Whether some connected object may be too young for an alert to the objects of this directory version. */
  hasObjectsYoungerThan(directoryVersion: number): boolean {
    return this.#youngestObject > directoryVersion
  }
}

const none: ReadonlySet<Client> = new Set()
