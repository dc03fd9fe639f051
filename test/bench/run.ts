import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { describeMachine, tableOf, type Result } from './report.ts'
import { createScenarios } from './scenarios.ts'
import { openStage, type Stage } from './stage.ts'
import { measureStrain, type Strain } from './strain.ts'

const roundCount = 3
/** Megabytes that the service may take beyond idle while so many clients upload. */
const uploadLoads = [{ clients: 16, limit: 100 }, { clients: 64, limit: 150 }]

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

/** Each scenario's rounds alternate with rounds of its ceiling, after two of each that do not count: a server is slower until it is warm. */
async function measure (stage: Stage, seconds: number): Promise<Result[]> {
  const results: Result[] = []
  for (const { name, run, ceiling, prepare } of createScenarios(stage).filter((scenario) => scenario.name.startsWith(options.only))) {
    process.stderr.write(`${name} ...\n`)
    await prepare?.()
    for (let round = 0; round < 2; round++) {
      await ceiling.run(seconds)
      await run(seconds)
    }
    const result: Result = { name, ceiling: ceiling.name, rounds: [], ceilingRounds: [] }
    for (let round = 0; round < roundCount; round++) {
      result.ceilingRounds.push(await ceiling.run(seconds))
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
  const strains: Strain[] = []
  for (const load of uploadLoads) strains.push(await Promise.race([measureStrain(stage, seconds, load), interrupted]))
  process.stdout.write(`${machine}\nmedians of ${roundCount} rounds of ${seconds} s\n\n${tableOf(results, strains)}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
