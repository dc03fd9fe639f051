import { choice, optionalInteger, seconds, text } from './parsers.ts'
import type { ValuesOf } from './setting.ts'
import { createTimeouts, type DependencyTimeouts } from './timeouts.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export const processSettings = {
  mode: text('NODE_ENV', 'development', '`production` refuses every embedded default'),
  dataDir: text('DATA_DIR', '.data', 'Folder of embedded state: database, secrets, uploads'),
  logLevel: choice('LOG_LEVEL', logLevels, 'info', 'fatal, error, warn, info, debug, trace or silent; debug logs one line per request'),
  startWaitSeconds: seconds('START_WAIT_SECONDS', 30, 'How long the start waits for PostgreSQL and Redis before it fails', 0, 3600),
  drainSeconds: optionalInteger(
    'DRAIN_SECONDS',
    'Time after SIGTERM in which `/health/ready` answers 503 and requests are still served, until balancers send no more; ' +
      'when unset, 10 in production and 0 otherwise',
    { maximum: 3600 }
  ),
  shutdownSeconds: seconds('SHUTDOWN_SECONDS', 5, 'Time for running requests to end, after the drain', 0, 3600),
  shutdownUploadSeconds: seconds(
    'SHUTDOWN_UPLOAD_SECONDS', 30, 'Time for uploads to end, after the drain; never less than SHUTDOWN_SECONDS', 0, 3600
  ),
  shutdownSmsSeconds: seconds('SHUTDOWN_SMS_SECONDS', 25, 'Time for SMS in the background to end, after the requests', 0, 3600),
  dependencyTimeoutMs: optionalInteger(
    'DEPENDENCY_TIMEOUT_MS',
    'Timeout of each statement, command and probe of PostgreSQL, Redis and storage, after which the reply is 503; ' +
      'when unset, 450 to 3000 by kind',
    { minimum: 100, maximum: 60_000 }
  )
}

type ProcessValues = ValuesOf<typeof processSettings>

export interface ProcessConfig extends Omit<ProcessValues, 'dependencyTimeoutMs' | 'drainSeconds'> {
  drainSeconds: number
  timeouts: DependencyTimeouts
}

/** Balancers often ask every 5 s, and take an instance out after two failures. */
const productionDrainSeconds = 10

export function deriveProcess ({ dependencyTimeoutMs, drainSeconds, ...values }: ProcessValues): ProcessConfig {
  const defaultDrainSeconds = values.mode === 'production' ? productionDrainSeconds : 0
  return { ...values, drainSeconds: drainSeconds ?? defaultDrainSeconds, timeouts: createTimeouts(dependencyTimeoutMs) }
}
