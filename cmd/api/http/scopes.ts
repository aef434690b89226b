import type { KeyScope } from '#internal/accounts/api-key'
import type { Route } from './route.ts'

/** The scope of an API key that covers the routes of a tag, to read and to write. */
const scopeOfTag: Record<string, KeyScope> = {
  accounts: 'accounts',
  me: 'accounts',
  status: 'messages',
  friends: 'messages',
  topics: 'messages',
  invitations: 'messages',
  conversations: 'messages',
  messages: 'messages',
  search: 'messages',
  attachments: 'messages',
  receipts: 'messages',
  feed: 'messages',
  objects: 'objects',
  alerts: 'alerts',
  inbox: 'alerts',
  schedules: 'alerts',
  stream: 'stream',
}

/** The seeds' own endpoints have one tag for everything. */
const scopeOfClassicPath: Record<string, KeyScope> = {
  '/status': 'messages',
  '/feed': 'messages',
  '/api/messages': 'messages',
  '/user': 'accounts',
  '/users': 'accounts',
  '/register': 'accounts',
  '/api/users': 'accounts',
  '/object': 'objects',
  '/alert': 'alerts',
}

/** The scope that a key needs for this route, besides `read` where it only reads. What is not listed needs `all`. */
export function scopeOf({ tag, path }: Pick<Route, 'tag' | 'path'>): KeyScope {
  if (tag !== 'classic') return scopeOfTag[tag] ?? 'all'
  return scopeOfClassicPath[path.replace(/\/:.*/, '')] ?? 'all'
}

/** A key needs one of these. */
export function scopesFor(route: Pick<Route, 'tag' | 'path' | 'method'>): KeyScope[] {
  const scope = scopeOf(route)
  return route.method === 'get' ? [scope, 'read'] : [scope]
}
