import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { perOperation, readCpuTimes } from './cpu.ts'
import { describeMachine, formatReport, type MeasuredRound, type Result } from './report.ts'
import { createScenarios, type Ceiling } from './scenarios.ts'
import { openStage, type Stage } from './stage.ts'
import { createTokenScenarios } from './token-scenarios.ts'
import { measureLoadImpact, type LoadImpact } from './load-impact.ts'

const roundCount = 3
/** Megabytes that the service may use beyond idle while this number of clients uploads. */
const uploadLoads = [{ clients: 16, limit: 100 }, { clients: 64, limit: 150 }]

const { values: options } = parseArgs({
  options: {
    /** Length of a round. */
    seconds: { type: 'string', default: '5' },
    /** Runs only the scenarios whose names begin with this. */
    only: { type: 'string', default: '' },
    /** Folder for a CPU profile of the service. */
    profile: { type: 'string' }
  }
})

/** Runs a round and measures the processor time of its processes. */
async function runRound ({ processes, prepareRound, run }: Ceiling, seconds: number): Promise<MeasuredRound> {
  await prepareRound?.()
  const before = await readCpuTimes(processes)
  const round = await run(seconds)
  return { ...round, cpu: perOperation(before, await readCpuTimes(processes), round.count) }
}

/** The rounds of a scenario alternate with rounds of its ceiling, after two warm-up rounds of each that are not counted. */
async function measure (stage: Stage, seconds: number): Promise<Result[]> {
  const results: Result[] = []
  for (const scenario of [...createScenarios(stage), ...createTokenScenarios(stage)].filter(({ name }) => name.startsWith(options.only))) {
    const { name, ceiling, prepare } = scenario
    process.stderr.write(`${name} ...\n`)
    await prepare?.()
    for (let round = 0; round < 2; round++) {
      await runRound(ceiling, seconds)
      await runRound(scenario, seconds)
    }
    const result: Result = { name, ceiling: ceiling.name, rounds: [], ceilingRounds: [] }
    for (let round = 0; round < roundCount; round++) {
      result.ceilingRounds.push(await runRound(ceiling, seconds))
      result.rounds.push(await runRound(scenario, seconds))
    }
    results.push(result)
  }
  return results
}

/** Rejects on Ctrl-C or SIGTERM, so that everything started is stopped. */
const interrupted = Promise.race(['SIGINT', 'SIGTERM'].map(async (name) => {
  await once(process, name)
  throw new Error(`stopped by ${name}`)
}))

async function main (): Promise<void> {
  const seconds = Number(options.seconds)
  if (!(seconds > 0)) throw new Error('--seconds must be a positive number')
  const machine = describeMachine()
  await using stage = await openStage(options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`])
  const results = await Promise.race([measure(stage, seconds), interrupted])
  const impacts: LoadImpact[] = []
  for (const load of uploadLoads) impacts.push(await Promise.race([measureLoadImpact(stage, seconds, load), interrupted]))
  process.stdout.write(`${machine}\nmedians of ${roundCount} rounds of ${seconds} s\n\n${formatReport(results, impacts)}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
