import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { ConfigError } from '../config/index.ts'
import { StartError } from './retry-until.ts'

/** What closing pools and sockets may take beyond the two stated deadlines before the process ends regardless. */
const closeMarginSeconds = 5
const signals = ['SIGINT', 'SIGTERM'] as const

/** A terminal sends Ctrl+C to all of its processes, and npm passes its own on: it comes twice, some milliseconds apart. */
const echoMs = 300
/** None yet while it has no name. */
let first = { name: '', at: -Infinity }

/**
 * Resolves to the first signal to stop, and interrupts a start that is under way. A second one ends the process at once;
 * the same one within 300 ms is the echo of the first.
 */
export async function untilSignal (start = new AbortController()): Promise<string> {
  return await new Promise((resolve) => {
    for (const name of signals) {
      process.on(name, () => {
        const now = performance.now()
        if (first.name === '') first = { name, at: now }
        else if (name !== first.name || now - first.at > echoMs) process.exit(130)
        start.abort()
        resolve(name)
      })
    }
  })
}

/** Resolves when no echo of the signal is to be expected any more: one that met a process on its way out would kill it. */
export async function outlastEcho (): Promise<void> {
  await sleep(Math.max(0, first.at + echoMs - performance.now()))
}

/** Closes everything within the stated deadlines. */
export async function shutDown (instance: FastifyInstance, signal: string): Promise<void> {
  const { config, log } = instance
  log.info({ signal }, 'received signal, starting shutdown')
  const { shutdownSeconds, shutdownSmsSeconds } = config.process
  const seconds = shutdownSeconds + shutdownSmsSeconds + closeMarginSeconds
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
    await outlastEcho()
    process.exit(0)
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StartError) process.stderr.write(`${error.message}\n`)
    else console.error(error)
    process.exit(1)
  }
}
