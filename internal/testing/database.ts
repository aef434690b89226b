import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import pg from 'pg'
import { migrate } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { createPool } from '#internal/db/pool'
import { testPostgres } from './postgres.ts'

export interface TestDatabase {
  url: string
  db: Knex
  /** Closes `db` and drops the database, whoever else is still connected. */
  drop(): Promise<void>
}

let template: Promise<string> | undefined

/** A migrated database of the caller's own, copied in a few milliseconds from one that was migrated once. */
export async function testDatabase(): Promise<TestDatabase> {
  const { adminUrl } = await testPostgres()
  template ??= makeTemplate(adminUrl)
  const name = newName()
  // By files: half as long as through the WAL, which is the default.
  await admin(adminUrl, `create database ${name} template ${await template} strategy file_copy`)
  const url = withDatabase(adminUrl, name)
  const db = createPool({ url, max: 10, name: 'test' })
  return {
    url,
    db,
    async drop() {
      await db.destroy()
      await admin(adminUrl, `drop database if exists ${name} with (force)`)
    },
  }
}

async function makeTemplate(adminUrl: string): Promise<string> {
  const name = newName()
  await admin(adminUrl, `create database ${name}`)
  const url = withDatabase(adminUrl, name)
  const db = createPool({ url, max: 2, name: 'test-template' })
  try {
    await migrate(db, url, migrations)
  } finally {
    await db.destroy()
  }
  return name
}

const newName = () => `belfry_test_${process.pid}_${randomBytes(6).toString('hex')}`

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

async function admin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
