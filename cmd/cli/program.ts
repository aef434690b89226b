import { Command, CommanderError } from 'commander'
import { packageVersion } from '#internal/runtime/package'
import { addCommands } from './commands/index.ts'
import { failureLine, UsageError } from './failure.ts'
import { say } from './io/output.ts'

/** Runs one command. Resolves with the exit code. */
export async function runBelfry(args: string[]): Promise<number> {
  const program = new Command('belfry')
    .description('Works on a Belfry installation: on its database, or as a client of its API.')
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
    .version(packageVersion(), '--version', 'print the version alone')
    .addHelpText('after', '\nHelp for one command, with examples: belfry <command> --help')
    // Commands inherit both, so they come first.
    .exitOverride()
    .showSuggestionAfterError()
  await addCommands(program, args[0])
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    // Commander has said what it had to say; it ends with 0 after help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    say(failureLine(error))
    return error instanceof UsageError ? 2 : 1
  }
}

// "error: unknown option '--al'\n(Did you mean --all?)\n"
const oneLine = (text: string) =>
  `${text
    .trim()
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')}\n`
