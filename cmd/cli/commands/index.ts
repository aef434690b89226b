import type { Command } from 'commander'

type Add = (program: Command) => void

/** All commands by group, in the order of the help. Each is loaded when it is wanted: none needs the libraries of all. */
const groups: Record<string, Record<string, () => Promise<Add>>> = {
  'On the database (BELFRY_DATABASE_URL, or the `npm start` that runs):': {
    migrate: async () => (await import('./migrate.ts')).addMigrate,
    accounts: async () => (await import('./accounts.ts')).addAccounts,
    objects: async () => (await import('./objects.ts')).addObjects,
    'dead-letters': async () => (await import('./dead-letters.ts')).addDeadLetters,
    check: async () => (await import('./check.ts')).addCheck,
    demo: async () => (await import('./demo.ts')).addDemo,
    shell: async () => (await import('./shell.ts')).addShell,
  },
  'As a client of the API (BELFRY_URL and BELFRY_TOKEN, or `belfry login`):': {
    login: async () => (await import('./login.ts')).addLogin,
    logout: async () => (await import('./login.ts')).addLogout,
    alert: async () => (await import('./alert.ts')).addAlert,
    tail: async () => (await import('./tail.ts')).addTail,
  },
  'Others:': {
    config: async () => (await import('./config.ts')).addConfig,
    version: async () => (await import('./version.ts')).addVersion,
  },
}

/** Adds the command of that name, or all if there is none of it. */
export async function addCommands(program: Command, name: string | undefined): Promise<void> {
  const isKnown = Object.values(groups).some((group) => name !== undefined && Object.hasOwn(group, name))
  for (const [heading, group] of Object.entries(groups)) {
    program.commandsGroup(heading)
    for (const [each, load] of Object.entries(group)) if (!isKnown || each === name) (await load())(program)
  }
}
