import { inspect } from 'node:util'

const notes: Record<string, string> = {
  db: 'the database, a knex instance: await db("accounts").count()',
  clock: 'the time: clock.now()',
  accounts: 'create({ username, password, email, role })',
  alerts: 'raise(text, "all" | [ids], username, severity)',
  objects: 'create(email, phone number)',
  statuses: 'set(username, text)',
  conversations: 'topics(username), of(username), createTopic(owner, name, visibility)',
  events: 'the log: position(), last(count)',
}

/** What `help` shows: each service with its functions. */
export function helpText(services: object): string {
  const lines = Object.entries(services).map(([name, service]) => {
    const isPlain = Object.getPrototypeOf(service) === Object.prototype && !(name in { db: 0, clock: 0 })
    const functions = isPlain ? Object.keys(service).join(' ') : ''
    const note = notes[name]
    return `  ${name.padEnd(14)}${[functions, note].filter(Boolean).join('; ')}`
  })
  return [
    'Everything is asynchronous: write await. What changes the state tells clients, as through the API.',
    ...lines,
    'Examples:',
    '  await accounts.find("ada")',
    '  await alerts.raise("Fire drill at noon", "all", "ada")',
    '  await db("accounts").where({ role: "admin" }).pluck("username")',
    '.editor writes several lines, .exit or Ctrl-D ends.',
  ].join('\n')
}

/** Shows the text as `help` and as `help()`. */
export function helpCommand(services: object): () => unknown {
  const text = { [inspect.custom]: () => helpText(services) }
  return Object.assign(() => text, text)
}
