import { Argument, type Command, Option } from 'commander'
import { type Account, type Role, roles } from '#internal/accounts/account'
import { accountAdmin } from '../account-admin.ts'
import { withDatabase } from '../database.ts'
import { print, printRows } from '../io/output.ts'
import { askPassword } from '../io/prompt.ts'
import { examples } from '../options.ts'

const columns = [
  { title: 'ID', width: 6, cell: ({ id }: Account) => String(id) },
  { title: 'USERNAME', width: 20, cell: ({ username }: Account) => username },
  { title: 'ROLE', width: 10, cell: ({ role }: Account) => role },
  { title: 'EMAIL', width: 28, cell: ({ email }: Account) => email ?? '-' },
  { title: 'STATE', width: 8, cell: ({ disabled_at }: Account) => (disabled_at ? 'disabled' : 'active') },
  { title: 'CREATED', width: 24, cell: ({ created_at }: Account) => created_at.toISOString() },
]

/** An account as an admin sees it. */
const view = ({ id, username, role, email, disabled_at, created_at }: Account) => ({
  id,
  username,
  role,
  email,
  disabled: disabled_at !== null,
  created_at: created_at.toISOString(),
})

interface Json {
  json?: true
}
const jsonOption = () => new Option('--json', 'print JSON')
const stdinOption = () => new Option('--password-stdin', 'read the password from standard input')

export function addAccounts(program: Command): void {
  const accounts = program.command('accounts').description('make, list and change accounts')
  // What follows are the verbs, without a group of their own.
  const done = (json: Json['json'], account: Account, line: string) =>
    print(json ? JSON.stringify(view(account)) : line)

  accounts
    .command('create')
    .description('make an account; the first of an installation is its admin')
    .argument('<username>')
    .addOption(new Option('--role <role>', 'role of the account').choices(roles))
    .option('--email <address>', 'e-mail address of the account')
    .addOption(stdinOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('belfry accounts create ada --role admin', 'pass ada | belfry accounts create ada --password-stdin'),
    )
    .action(async (username: string, options: Json & { role?: Role; email?: string; passwordStdin?: true }) => {
      const password = await askPassword({ ...options, twice: true })
      await withDatabase(process.env, { name: 'cli' }, async (db) => {
        const account = await accountAdmin(db, process.env).create({ ...options, username, password })
        await done(options.json, account, `Made ${account.username}, ${account.role}, id ${account.id}.`)
      })
    })

  accounts
    .command('list')
    .description('list accounts by username')
    .option('--query <text>', 'those with this in the username, or at the beginning of a name')
    .addOption(new Option('--json', 'print one JSON object a line'))
    .addHelpText('after', examples('belfry accounts list', 'belfry accounts list --query ad --json'))
    .action(({ query, json }: Json & { query?: string }) =>
      withDatabase(process.env, { name: 'cli' }, (db) =>
        printRows(accountAdmin(db, process.env).list(query), { columns, json, view }),
      ),
    )

  accounts
    .command('role')
    .description('give an account another role')
    .argument('<username>')
    .addArgument(new Argument('<role>').choices(roles))
    .addOption(jsonOption())
    .addHelpText('after', examples('belfry accounts role ada dispatcher'))
    .action((username: string, role: Role, { json }: Json) =>
      withDatabase(process.env, { name: 'cli' }, async (db) => {
        const account = await accountAdmin(db, process.env).setRole(username, role)
        await done(json, account, `${account.username} is ${account.role} now.`)
      }),
    )

  for (const verb of ['disable', 'enable'] as const) {
    accounts
      .command(verb)
      .description(verb === 'disable' ? 'keep an account out; its sessions end' : 'let a disabled account in again')
      .argument('<username>')
      .addOption(jsonOption())
      .addHelpText('after', examples(`belfry accounts ${verb} ada`))
      .action((username: string, { json }: Json) =>
        withDatabase(process.env, { name: 'cli' }, async (db) => {
          const account = await accountAdmin(db, process.env)[verb](username)
          await done(json, account, `${account.username} is ${verb}d.`)
        }),
      )
  }

  accounts
    .command('password')
    .description('set a new password; all sessions of the account end')
    .argument('<username>')
    .addOption(stdinOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('belfry accounts password ada', 'pass ada | belfry accounts password ada --password-stdin'),
    )
    .action(async (username: string, options: Json & { passwordStdin?: true }) => {
      const password = await askPassword({ ...options, twice: true })
      await withDatabase(process.env, { name: 'cli' }, async (db) => {
        const account = await accountAdmin(db, process.env).setPassword(username, password)
        await done(options.json, account, `${account.username} has a new password, and all sessions have ended.`)
      })
    })
}
