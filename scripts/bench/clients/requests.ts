import { accountToken, dispatcherToken } from '../seed.ts'
import { requestText } from './http-connection.ts'

/** What a load program asks for. */
export type Requests =
  /** One path after the other. */
  | { kind: 'get'; paths: string[]; token: string }
  /** The same body each time, one that is answered with 422. */
  | { kind: 'refused'; path: string; body: object; token: string }
  /** An alert to one object of 1 to `objects`, another one each time. */
  | { kind: 'listed'; objects: number }
  | { kind: 'to-all' }
  /** A message to one topic after the other; each client is an account of its own. */
  | { kind: 'message'; topics: number[] }

/** Those that a statement of its own serves. */
export type Writes = Extract<Requests, { kind: 'listed' | 'message' }>

const expected = { get: 200, refused: 422, listed: 201, 'to-all': 201, message: 201 } satisfies Record<
  Requests['kind'],
  number
>

/** The status that answers have when all is well. */
export const expectedStatus = ({ kind }: Requests): number => expected[kind]

/** Begins with `due`, when it should leave, in ms of the machine's clock; receivers compute the delay from it. */
export const textDue = (due: number): string => `t=${due.toFixed(3)} ${'x'.repeat(60)}`

let serial = 0

/** The account of a client: ids and clients are numbered alike, but ids begin with 1. */
export const accountOf = (client: number): number => client + 1

/** The next request of a client, which is 0, 1, 2, ... */
export function nextRequest(requests: Requests, client: number, due: number): string {
  const n = serial++
  switch (requests.kind) {
    case 'get':
      return requestText('GET', requests.paths[n % requests.paths.length]!, requests.token)
    case 'refused':
      return requestText('POST', requests.path, requests.token, JSON.stringify(requests.body))
    case 'listed':
      return postAlert({ text: textDue(due), object_ids: [1 + (n % requests.objects)] })
    case 'to-all':
      return postAlert({ text: textDue(due), alert_all: true })
    case 'message': {
      const path = `/api/v1/conversations/${requests.topics[n % requests.topics.length]}/messages`
      return requestText('POST', path, accountToken(accountOf(client)), JSON.stringify({ body: textDue(due) }))
    }
  }
}

const postAlert = (body: object) => requestText('POST', '/api/v1/alerts', dispatcherToken, JSON.stringify(body))
