import { launch } from './launch.ts'

// A process for tests to kill: launches a program that does not end by itself and prints its pid.
const { pid } = await launch('sleep', ['600'], '/dev/null')
process.stdout.write(`${pid}\n`)
