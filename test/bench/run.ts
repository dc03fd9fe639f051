import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { measureMemory } from './memory.ts'
import { describeMachine, tableOf, type Result } from './report.ts'
import { createScenarios, runBare } from './scenarios.ts'
import { openStage, type Stage } from './stage.ts'

const roundCount = 3

const { values: options } = parseArgs({
  options: {
    /** Length of a round. */
    seconds: { type: 'string', default: '5' },
    /** Only the scenarios whose name begins so. */
    only: { type: 'string', default: '' },
    /** Folder for a CPU profile of the service. */
    profile: { type: 'string' }
  }
})

/** Each scenario's rounds alternate with rounds of the bare route, after a round of each that does not count. */
async function measure (stage: Stage, seconds: number): Promise<Result[]> {
  const results: Result[] = []
  await runBare(stage, seconds)
  for (const { name, run } of createScenarios(stage).filter((scenario) => scenario.name.startsWith(options.only))) {
    process.stderr.write(`${name} ...\n`)
    await run(seconds)
    const result: Result = { name, rounds: [], bareRounds: [] }
    for (let round = 0; round < roundCount; round++) {
      result.bareRounds.push(await runBare(stage, seconds))
      result.rounds.push(await run(seconds))
    }
    results.push(result)
  }
  return results
}

/** Ctrl-C or SIGTERM: what was started is stopped all the same. */
const interrupted = Promise.race(['SIGINT', 'SIGTERM'].map(async (name) => {
  await once(process, name)
  throw new Error(`ended by ${name}`)
}))

async function main (): Promise<void> {
  const seconds = Number(options.seconds)
  if (!(seconds > 0)) throw new Error('--seconds is not a number of seconds')
  const machine = describeMachine()
  await using stage = await openStage(options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`])
  const results = await Promise.race([measure(stage, seconds), interrupted])
  const memory = await Promise.race([measureMemory(stage, seconds), interrupted])
  process.stdout.write(`${machine}\nmedians of ${roundCount} rounds of ${seconds} s\n\n${tableOf(results, memory)}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
