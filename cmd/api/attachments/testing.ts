import { png } from '#internal/attachments/testing'
import { type Caller, startTestApi, type TestAnswer, type TestApi, type TestRequest } from '../http/testing.ts'

export interface Kit {
  api: TestApi
  ada: Caller
  bob: Caller
  eve: Caller
  /** Both of ada. */
  topic: number
  secret: number
  aTopic(visibility: 'public' | 'private'): Promise<number>
  /** A PNG, unless `more` says otherwise. */
  upload(to: number, by: Caller | undefined, more?: TestRequest): Promise<TestAnswer>
  /** Its id. */
  uploaded(to: number, by: Caller): Promise<number>
  post(to: number, by: Caller, attachment_ids: unknown, body?: string): Promise<TestAnswer>
  get(id: number, by: Caller, headers?: Record<string, string>, method?: string): Promise<Response>
  /** How many contents PostgreSQL has. */
  contents(): Promise<number>
}

/** An api that takes attachments up to 1 MiB, with three accounts. */
export async function startKit(): Promise<Kit> {
  const api = await startTestApi({ ATTACHMENT_MB: 1 })
  const ada = await api.anAccount({ username: 'ada' })
  const bob = await api.anAccount({ username: 'bob' })
  const eve = await api.anAccount({ username: 'eve' })
  const aTopic: Kit['aTopic'] = async (visibility) =>
    (await api.request('POST', '/api/v1/topics', { token: ada, body: { name: 'Ops', visibility } })).body.id
  const upload: Kit['upload'] = (to, by, more = {}) =>
    api.request('POST', `/api/v1/conversations/${to}/attachments`, {
      ...(by ? { token: by } : {}),
      body: png(),
      ...more,
      headers: { 'content-type': 'image/png', ...more.headers },
    })
  return {
    ...{ api, ada, bob, eve, aTopic, upload },
    topic: await aTopic('public'),
    secret: await aTopic('private'),
    uploaded: async (to, by) => (await upload(to, by)).body.id,
    post: (to, by, attachment_ids, body = '') =>
      api.request('POST', `/api/v1/conversations/${to}/messages`, { token: by, body: { body, attachment_ids } }),
    get: (id, by, headers = {}, method = 'GET') =>
      fetch(`${api.url}/api/v1/attachments/${id}`, {
        method,
        headers: { authorization: `Bearer ${by.token}`, ...headers },
      }),
    contents: async () => Number((await api.db('attachment_contents').count())[0]!.count),
  }
}
