import { kafkaJars } from './jars.ts'

// What a test run asks first, as a process of its own: prints the class path, or why there is none.
process.stdout.write(await kafkaJars().catch((error: Error) => error.message))
