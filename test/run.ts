import { runTap, withServices } from './support/tap.ts'

/** Runs tap with whatever arguments it was given, with a PostgreSQL and a Redis for the tests. */
await withServices(async (env) => await runTap(process.argv.slice(2), env))
