import { Argument, type Command, Option } from 'commander'
import type { Db } from '#internal/db/pool'
import {
  type DeadLetter,
  type DeadLetterState,
  deadLetterStates,
  listDeadLetters,
  replayDeadLetter,
} from '#internal/log/dead-letters'
import { PlainError } from '#internal/runtime/plain-error'
import { Problem } from '#internal/runtime/problem'
import { withDatabase } from '../database.ts'
import { UsageError } from '../failure.ts'
import { print, printRows } from '../io/output.ts'
import { examples, wholeNumber } from '../options.ts'

const pageSize = 200
const errorLength = 80

const columns = [
  { title: 'ID', width: 6, cell: ({ id }: DeadLetter) => String(id) },
  { title: 'AT', width: 24, cell: ({ at }: DeadLetter) => at.toISOString() },
  { title: 'SOURCE', width: 16, cell: ({ source }: DeadLetter) => source },
  { title: 'POSITION', width: 9, cell: ({ position }: DeadLetter) => String(position ?? '-') },
  { title: 'ERROR', width: 20, cell: ({ error }: DeadLetter) => error.split('\n')[0]!.slice(0, errorLength) },
]

const view = ({ id, source, position, payload, error, at, state, replayed_at }: DeadLetter) => ({
  id,
  source,
  position,
  payload: JSON.parse(payload),
  error,
  at: at.toISOString(),
  state,
  replayed_at: replayed_at?.toISOString() ?? null,
})

export function addDeadLetters(program: Command): void {
  const letters = program.command('dead-letters').description('look at what was given up on, and have it tried again')
  const id = () => new Argument('<id>').argParser(wholeNumber(1))

  letters
    .command('list')
    .description('list dead letters, newest first')
    .addOption(
      new Option('--state <state>', 'queued: a worker has yet to try').choices(deadLetterStates).default('dead'),
    )
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', examples('belfry dead-letters list', 'belfry dead-letters list --state queued --json'))
    .action(({ state, json }: { state: DeadLetterState; json?: true }) =>
      withDatabase(process.env, { name: 'cli' }, (db) => printRows(allLetters(db, state), { columns, json, view })),
    )

  letters
    .command('show')
    .description('print one dead letter with all that is known of it')
    .addArgument(id())
    .option('--json', 'print it on one line')
    .addHelpText('after', examples('belfry dead-letters show 12'))
    .action((number: number, { json }: { json?: true }) =>
      withDatabase(process.env, { name: 'cli' }, async (db) => {
        const letter = await db('dead_letters').where({ id: number }).first()
        if (!letter) throw new PlainError(`There is no dead letter ${number}.`)
        await print(JSON.stringify(view(letter), null, json ? 0 : 2))
      }),
    )

  letters
    .command('replay')
    .description('have a worker try one again, or all')
    .addArgument(id().argOptional())
    .option('--all', 'every dead one')
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples('belfry dead-letters replay 12', 'belfry dead-letters replay --all'))
    .action(replay)
}

async function replay(id: number | undefined, { all, json }: { all?: true; json?: true }): Promise<void> {
  if ((id === undefined) === (all === undefined)) throw new UsageError('Say which: an id, or --all.')
  await withDatabase(process.env, { name: 'cli' }, async (db) => {
    const ids: number[] = []
    if (id !== undefined) ids.push((await replayDeadLetter(db, id)).id)
    else for await (const letter of allLetters(db, 'dead')) if (await replayIfDead(db, letter.id)) ids.push(letter.id)
    if (json) await print(JSON.stringify({ queued: ids }))
    else await print(`A worker will try ${ids.length === 1 ? `letter ${ids[0]}` : `${ids.length} letters`} again.`)
  })
}

/** False when somebody else has just done so, or has deleted it. */
async function replayIfDead(db: Db, id: number): Promise<boolean> {
  return replayDeadLetter(db, id).then(
    () => true,
    (error) => {
      if (error instanceof Problem) return false
      throw error
    },
  )
}

/** Each once: one that fails again meanwhile keeps its id, which is behind us. */
async function* allLetters(db: Db, state: DeadLetterState): AsyncGenerator<DeadLetter> {
  for (let before: number | undefined; ; ) {
    const rows = await listDeadLetters(db, state, before, pageSize)
    yield* rows
    if (rows.length < pageSize) return
    before = rows.at(-1)!.id
  }
}
