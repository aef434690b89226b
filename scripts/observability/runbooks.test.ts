import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Command } from 'commander'
import { load } from 'js-yaml'
import { addCommands } from '#cmd/cli/commands/index'
import { jobs } from '#cmd/scheduler/jobs/index'
import { settings } from '#internal/config/settings'
import { relayLockKey } from '#internal/log/relay-sql'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { dashboards } from './dashboards/index.ts'

const root = path.resolve(import.meta.dirname, '../..')
const folder = path.join(root, 'docs/runbooks')
const runbooks = readdirSync(folder).map((file) => ({ file, text: readFileSync(path.join(folder, file), 'utf8') }))

/** What the pattern's group has in any runbook, with the file; line breaks are spaces. */
function inRunbooks(pattern: RegExp): { file: string; found: string }[] {
  const all = runbooks.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].map(([, found]) => ({ file, found: found!.replace(/\s+/g, ' ').trim() })),
  )
  assert.ok(all.length > 0, `${pattern} is in no runbook`)
  return all
}

describe('runbooks name what there is:', () => {
  let database: TestDatabase
  before(async () => {
    database = await testDatabase()
  })
  after(() => database.drop())

  it('tables and columns', async () => {
    const statements = [...inRunbooks(/psql [^"\n]*"\s*(select [^"]+)"/g), ...inRunbooks(/`(select [^`]+)`/g)]
    assert.ok(statements.length >= 8)
    for (const { file, found } of statements)
      await database.db
        .raw(`explain ${found.replaceAll('PID', '1')}`)
        .catch((error) => assert.fail(`${file}: ${error.message}`))
    for (const { found } of inRunbooks(/objid = (\d+)/g)) assert.equal(Number(found), relayLockKey)
  })

  it('commands of the command line, with their options', async () => {
    const program = new Command('belfry')
    await addCommands(program, undefined)
    for (const { file, found } of inRunbooks(/(?:`|-- )belfry ([a-z][^`\n]*)/g)) {
      const words = found.split(' ')
      let command = program
      for (;;) {
        const next = command.commands.find((one) => one.name() === words[0])
        if (!next) break
        command = next
        words.shift()
      }
      const isWhole = command.commands.length === 0 || words.length === 0
      assert.ok(command !== program && isWhole, `${file}: belfry ${found}`)
      const options = command.options.map(({ long }) => long)
      for (const word of words.filter((one) => one.startsWith('--')))
        assert.ok(options.includes(word), `${file}: belfry ${found}: there is no ${word}`)
    }
  })

  it('panels of the dashboards', () => {
    const plain = (text: string) => text.toLowerCase().replaceAll(',', '')
    const titles = new Map(
      Object.values(dashboards).map(({ title, panels = [] }) => [
        title,
        panels.map((panel) => plain(String(panel.title))),
      ]),
    )
    for (const { file, found } of inRunbooks(/^# dashboard (Belfry \/ .+)$/gm)) {
      const [dashboard, panels] = found.split(': ', 1).concat(found.slice(found.indexOf(': ') + 2))
      const named = panels!.replace(/\(.*?\)/g, '').split(/[,;] /)
      for (const name of named) {
        const title = plain(name.replace('Processes: ', '').trim())
        assert.ok(
          titles.get(dashboard!)?.some((one) => one.startsWith(title)),
          `${file}: ${dashboard}: ${name}`,
        )
      }
    }
  })

  it('settings, values of the chart, and jobs', () => {
    for (const { file, found } of inRunbooks(/BELFRY_([A-Z0-9_]+)/g)) assert.ok(found in settings, `${file}: ${found}`)
    const values = load(readFileSync(path.join(root, 'charts/belfry/values.yaml'), 'utf8')) as object
    const paths = inRunbooks(/`((?:<role>|api|push|worker|operator|prometheusRule)\.[a-zA-Z.]+)[`:]/g)
    assert.ok(paths.length > 5)
    for (const { file, found } of paths)
      for (const role of found.startsWith('<role>') ? ['api', 'worker', 'push'] : ['']) {
        const names = found.replace('<role>', role).split('.')
        const value = names.reduce((part: unknown, name) => (part as Record<string, unknown>)?.[name], values)
        assert.notEqual(value, undefined, `${file}: ${found}`)
      }
    for (const { file, found } of inRunbooks(/cronjob\/belfry-([a-z]+)/g))
      assert.ok(jobs.has(found), `${file}: ${found}`)
  })
})
