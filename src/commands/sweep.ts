import { parseArgs } from 'node:util'
import { loadConfig } from '../config/index.ts'
import { buildInstance } from '../process/instance.ts'

/**
 * Reconciles storage and database after crashes: `npm run sweep`. With `-- --dry-run` it only reports what it would do.
 * `--grace SECONDS` and `--maximum-deletions COUNT` override the configuration.
 */
const { values } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false }, grace: { type: 'string' }, 'maximum-deletions': { type: 'string' } }
})
const { grace, 'maximum-deletions': maximum, 'dry-run': isDryRun } = values
const config = loadConfig({
  LOG_LEVEL: 'warn',
  ...process.env,
  // The command runs one sweep, without the periodic jobs of a service.
  SWEEP_SECONDS: '0',
  SCRUB_SECONDS: '0',
  ...(grace === undefined ? {} : { SWEEP_GRACE_SECONDS: grace }),
  ...(maximum === undefined ? {} : { SWEEP_MAXIMUM_DELETIONS: maximum })
})

const instance = await buildInstance({ config })
const report = await instance.sweep.run({ isDryRun }).finally(async () => { await instance.close() })
if (report === undefined) process.stdout.write('another sweep is running\n')
else {
  const lines = Object.entries(report)
    .map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}: ${value}\n`)
  process.stdout.write(`${isDryRun ? 'would reconcile\n' : ''}${lines.join('')}`)
  if (report.isOverCap) process.exitCode = 1
}
