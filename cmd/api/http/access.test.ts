import assert from 'node:assert/strict'
import { type KeyScope, keyScopes } from '#internal/accounts/api-key'
import { createApiKey } from '#internal/accounts/api-keys'
import { issueInboxToken } from '#internal/alerts/inbox-tokens'
import { createObject } from '#internal/alerts/object-store'
import { nowhere, startTestApi, type TestApi } from './testing.ts'

/** Every operation, who may use it at least, and the scope that an API key needs (`-`: it is not looked at). */
const table = `
  POST   /api/v1/accounts                               public      accounts
  GET    /api/v1/accounts                               account     accounts
  GET    /api/v1/accounts/:username                     account     accounts
  PATCH  /api/v1/accounts/:username                     admin       accounts
  GET    /api/v1/me                                     account     accounts
  PATCH  /api/v1/me                                     account     accounts
  PUT    /api/v1/me/password                            session     -
  POST   /api/v1/me/totp                                session     -
  POST   /api/v1/me/totp/confirm                        session     -
  DELETE /api/v1/me/totp                                session     -
  POST   /api/v1/sessions                               public      -
  GET    /api/v1/sessions                               session     -
  DELETE /api/v1/sessions/current                       session     -
  DELETE /api/v1/sessions/:id                           session     -
  POST   /api/v1/api-keys                               session     -
  GET    /api/v1/api-keys                               session     -
  DELETE /api/v1/api-keys/:id                           session     -
  PUT    /api/v1/me/status                              account     messages
  DELETE /api/v1/me/status                              account     messages
  GET    /api/v1/accounts/:username/status              public      -
  GET    /api/v1/me/friends                             account     messages
  POST   /api/v1/me/friends                             account     messages
  PUT    /api/v1/me/friends/:username                   account     messages
  DELETE /api/v1/me/friends/:username                   account     messages
  POST   /api/v1/topics                                 account     messages
  GET    /api/v1/topics                                 account     messages
  GET    /api/v1/topics/:id                             account     messages
  PATCH  /api/v1/topics/:id                             account     messages
  DELETE /api/v1/topics/:id                             account     messages
  PUT    /api/v1/topics/:id/members/me                  account     messages
  DELETE /api/v1/topics/:id/members/me                  account     messages
  GET    /api/v1/topics/:id/members                     account     messages
  DELETE /api/v1/topics/:id/members/:username           account     messages
  POST   /api/v1/topics/:id/invitations                 account     messages
  GET    /api/v1/me/invitations                         account     messages
  POST   /api/v1/invitations/:id/accept                 account     messages
  POST   /api/v1/invitations/:id/decline                account     messages
  POST   /api/v1/conversations                          account     messages
  GET    /api/v1/conversations                          account     messages
  GET    /api/v1/conversations/:id                      account     messages
  DELETE /api/v1/conversations/:id/members/me           account     messages
  POST   /api/v1/conversations/:id/messages             account     messages
  GET    /api/v1/conversations/:id/messages             account     messages
  GET    /api/v1/messages/:id                           account     messages
  PATCH  /api/v1/messages/:id                           account     messages
  DELETE /api/v1/messages/:id                           account     messages
  PUT    /api/v1/messages/:id/reactions/:emoji          account     messages
  DELETE /api/v1/messages/:id/reactions/:emoji          account     messages
  PUT    /api/v1/conversations/:id/read                 account     messages
  GET    /api/v1/conversations/:id/receipts             account     messages
  GET    /api/v1/messages/:id/receipts                  account     messages
  POST   /api/v1/conversations/:id/attachments          account     messages
  GET    /api/v1/attachments/:id                        account     messages
  GET    /api/v1/search                                 account     messages
  POST   /api/v1/objects                                dispatcher  objects
  GET    /api/v1/objects                                dispatcher  objects
  POST   /api/v1/objects/import                         dispatcher  objects
  GET    /api/v1/objects/:id                            dispatcher  objects
  PATCH  /api/v1/objects/:id                            dispatcher  objects
  DELETE /api/v1/objects/:id                            dispatcher  objects
  POST   /api/v1/objects/:id/inbox-token                dispatcher  objects
  POST   /api/v1/alerts                                 dispatcher  alerts
  GET    /api/v1/alerts                                 dispatcher  alerts
  GET    /api/v1/alerts/:id                             dispatcher  alerts
  GET    /api/v1/alerts/:id/roll-call                   dispatcher  alerts
  POST   /api/v1/alerts/:id/resend                      dispatcher  alerts
  GET    /api/v1/alerts/:id/deliveries                  dispatcher  alerts
  GET    /api/v1/objects/:id/inbox                      inbox       alerts
  PUT    /api/v1/objects/:id/inbox/:alert_id/read       inbox       alerts
  PUT    /api/v1/objects/:id/inbox/:alert_id/acknowledged inbox     alerts
  POST   /api/v1/schedules                              account     alerts
  GET    /api/v1/schedules                              account     alerts
  GET    /api/v1/schedules/:id                          account     alerts
  PATCH  /api/v1/schedules/:id                          account     alerts
  DELETE /api/v1/schedules/:id                          account     alerts
  GET    /api/v1/feed                                   account     messages
  GET    /api/v1/me/profiles                            account     messages
  POST   /api/v1/me/profiles                            account     messages
  DELETE /api/v1/me/profiles/:id                        account     messages
  GET    /api/v1/events                                 account     stream
  POST   /api/v1/stream/tickets                         session     -
  GET    /api/v1/dead-letters                           admin       all
  POST   /api/v1/dead-letters/:id/replay                admin       all
  DELETE /api/v1/dead-letters/:id                       admin       all
  GET    /api/v1/about                                  public      all
  GET    /api/v1/openapi.json                           public      -
  GET    /api/v1/docs                                   public      -
  GET    /ping                                          public      -
  POST   /status                                        account     messages
  GET    /status/:username                              public      -
  POST   /register                                      public      accounts
  POST   /login                                         public      -
  GET    /users                                         account     accounts
  PATCH  /user                                          account     accounts
  GET    /feed                                          account     messages
  POST   /api/users                                     public      accounts
  POST   /auth                                          public      -
  GET    /api/users                                     account     accounts
  GET    /api/messages/:user_name                       account     messages
  POST   /api/messages                                  account     messages
  POST   /object                                        dispatcher  objects
  POST   /alert                                         dispatcher  alerts
`

interface Operation {
  method: string
  path: string
  access: string
  scope: KeyScope | '-'
}

const operations = table
  .trim()
  .split('\n')
  .map((line): Operation => {
    const [method, path, access, scope] = line.trim().split(/ +/) as [string, string, string, KeyScope | '-']
    return { method, path, access, scope }
  })

const callers = ['nobody', 'member', 'dispatcher', 'admin', 'other inbox', 'key', 'wrong key', 'reading key'] as const
type Kind = (typeof callers)[number]

/** Who is let in (`in`: not 401 and not 403), by the access of an operation; the rest is 401 for nobody and 403. */
const letsIn: Record<string, Kind[]> = {
  public: [...callers],
  session: ['member', 'dispatcher', 'admin'],
  account: ['member', 'dispatcher', 'admin', 'key'],
  dispatcher: ['dispatcher', 'admin', 'key'],
  inbox: ['dispatcher', 'admin', 'key'],
  admin: ['admin', 'key'],
}

function expected({ method, access, scope }: Operation, kind: Kind): string {
  if (kind === 'reading key' && access !== 'session' && method === 'GET') return 'in'
  // Where credentials may be sent and need not be, those that do not suffice are refused.
  if (access === 'public' && scope !== '-' && (kind === 'wrong key' || kind === 'reading key')) return '403'
  if (letsIn[access]!.includes(kind)) return 'in'
  return kind === 'nobody' ? '401' : '403'
}

describe('access', function () {
  this.timeout(120_000)
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.stop())

  /** Credentials of this kind, made for one request: what it does harms no other. */
  async function credentials(kind: Kind, scope: Operation['scope']): Promise<string | undefined> {
    switch (kind) {
      case 'nobody':
        return undefined
      case 'other inbox': {
        const contact = { email: 'bob@example.com', phone_number: '212-555-1234', phone_e164: '+12125551234' }
        const { id } = await createObject(api.db, contact, api.clock)
        return issueInboxToken(api.db, id, api.clock)
      }
      case 'key':
        return aKey(scope === '-' ? ['all'] : [scope])
      case 'wrong key':
        return aKey(keyScopes.filter((other) => !['all', 'read', scope].includes(other)))
      case 'reading key':
        return aKey(['read'])
      default:
        return (await api.as(kind)).token
    }
  }

  async function aKey(scopes: KeyScope[]): Promise<string> {
    const { id } = await api.as('admin')
    const now = api.clock.now()
    return (await createApiKey(api.db, id, { name: 'x', scopes, expiresAt: null }, now)).secret
  }

  it('is decided here for every operation, and for no other', () => {
    const routes = api.routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    assert.deepEqual(operations.map(({ method, path }) => `${method} ${path}`).sort(), routes.sort())
  })

  for (const kind of callers)
    it(`is as the table says for: ${kind}`, async () => {
      const faults: string[] = []
      for (const operation of operations) {
        const { method, path, scope } = operation
        const token = await credentials(kind, scope)
        // Nothing has these names: an operation that lets the caller in answers 400, 404, 415 or 422, or with its list.
        const { status, text } = await api.request(method, nowhere({ path }), token === undefined ? {} : { token })
        const outcome = status === 401 || status === 403 ? String(status) : 'in'
        if (outcome !== expected(operation, kind) || status >= 500) faults.push(`${method} ${path}: ${status} ${text}`)
      }
      assert.deepEqual(faults, [])
    })
})
