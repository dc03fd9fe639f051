import { availableParallelism } from 'node:os'
import { writeBatches } from './support/batches/plan.ts'
import { runTap, withServices } from './support/tap.ts'

/** A batch takes longer than the one file that `.taprc` sets a limit for; each of its files has that limit. */
const batchTimeoutSeconds = 1800

/** There is one job more than cores, because tests sometimes wait for databases, files and other processes. */
const jobs = availableParallelism() + 1

const args = process.argv.slice(2)
const hasFiles = args.some((arg) => !arg.startsWith('-'))

/** Runs tap on the given files, or on all test files in batches; options are passed on to tap. */
await withServices(async (env) => {
  if (hasFiles) return await runTap(args, env)
  return await runTap([`--jobs=${jobs}`, `--timeout=${batchTimeoutSeconds}`, ...args, ...await writeBatches()], env)
})
