import { choice, seconds, text } from './parsers.ts'
import type { ValuesOf } from './setting.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export const processSettings = {
  mode: text('NODE_ENV', 'development', '`production` refuses every embedded default'),
  dataDir: text('DATA_DIR', '.data', 'Folder of embedded state: database, secrets, uploads'),
  logLevel: choice('LOG_LEVEL', logLevels, 'info', 'fatal, error, warn, info, debug, trace or silent; debug logs one line per request'),
  startWaitSeconds: seconds('START_WAIT_SECONDS', 30, 'How long the start waits for PostgreSQL and Redis before it fails', 0, 3600),
  shutdownSeconds: seconds('SHUTDOWN_SECONDS', 5, 'Time that running requests get after SIGTERM', 0, 3600),
  shutdownSmsSeconds: seconds('SHUTDOWN_SMS_SECONDS', 25, 'Time that SMS in the background get after the requests', 0, 3600)
}

export type ProcessConfig = ValuesOf<typeof processSettings>
