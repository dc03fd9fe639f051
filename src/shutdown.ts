import { once } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { ConfigError } from './config.ts'
import { StartError } from './start-wait.ts'

/** What closing pools and sockets may take beyond the two stated deadlines before the process ends regardless. */
const closeMarginSeconds = 5
const signals = ['SIGINT', 'SIGTERM'] as const

/** Resolves to the first signal to stop, and interrupts a start that is under way. */
export async function untilSignal (start: AbortController): Promise<string> {
  return await Promise.race(signals.map(async (name) => {
    await once(process, name)
    start.abort()
    return name
  }))
}

/** Closes everything within the stated deadlines. A second signal ends the process at once. */
export async function shutDown (instance: FastifyInstance, signal: string): Promise<void> {
  const { config, log } = instance
  log.info({ signal }, 'received signal, starting shutdown')
  for (const name of signals) process.once(name, () => process.exit(130))
  const seconds = config.SHUTDOWN_SECONDS + config.SHUTDOWN_SMS_SECONDS + closeMarginSeconds
  setTimeout(() => {
    log.fatal('shutdown took too long')
    process.exit(1)
  }, seconds * 1000)
  await instance.close()
}

/** Runs the main function of a process to its end; what is the operator's to mend is told in a sentence. */
export async function runProcess (main: () => Promise<void>): Promise<never> {
  try {
    await main()
    process.exit(0)
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StartError) process.stderr.write(`${error.message}\n`)
    else console.error(error)
    process.exit(1)
  }
}
