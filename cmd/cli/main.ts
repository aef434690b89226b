import { endOnClosedPipe } from './io/output.ts'
import { runBelfry } from './program.ts'

// `belfry <command>`: does one thing and exits: 0 done, 1 failed, 2 wrong usage.
endOnClosedPipe()
process.exitCode = await runBelfry(process.argv.slice(2))
