import { parseArgs } from 'node:util'
import { loadConfig } from '../config/index.ts'
import { buildInstance } from '../process/instance.ts'

/**
 * Settles what crashes left between storage and database: `npm run sweep`, with `-- --dry-run` only says what it
 * would do. `--grace SECONDS` and `--maximum-deletions COUNT` stand in for the configuration.
 */
const { values } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false }, grace: { type: 'string' }, 'maximum-deletions': { type: 'string' } }
})
const { grace, 'maximum-deletions': maximum, 'dry-run': isDryRun } = values
const config = loadConfig({
  LOG_LEVEL: 'warn',
  ...process.env,
  // What a service does of itself now and then is not what was asked for.
  SWEEP_SECONDS: '0',
  SCRUB_SECONDS: '0',
  ...(grace === undefined ? {} : { SWEEP_GRACE_SECONDS: grace }),
  ...(maximum === undefined ? {} : { SWEEP_MAXIMUM_DELETIONS: maximum })
})

const instance = await buildInstance({ config })
const report = await instance.sweep.run({ isDryRun }).finally(async () => { await instance.close() })
if (report === undefined) process.stdout.write('another sweep is under way\n')
else {
  const lines = Object.entries(report).map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}: ${value}\n`)
  process.stdout.write(`${isDryRun ? 'would settle\n' : ''}${lines.join('')}`)
  if (report.isOverCap) process.exitCode = 1
}
