import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { ConfigError } from '../config/index.ts'
import { StartError } from './retry-until.ts'

/** Time to close pools and sockets after the two configured deadlines. The process then ends with exit code 1. */
const closeMarginSeconds = 5
const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * On Ctrl+C the terminal signals all of its processes, and npm forwards its signal, so the same one arrives twice within
 * milliseconds.
 */
const echoMs = 300
/** `name` is empty until a signal arrives. */
let first = { name: '', at: -Infinity }

/**
 * Resolves to the first stop signal, and aborts `start`. A second signal ends the process at once; the same signal
 * within 300 ms is an echo of the first and is ignored.
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

/** Resolves when no echo of the signal can arrive any more. An echo would kill a process that exits with code 0. */
export async function outlastEcho (): Promise<void> {
  await sleep(Math.max(0, first.at + echoMs - performance.now()))
}

/** Closes the instance gracefully: running requests, SMS, then connections, each within its deadline. */
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

/** Runs the main function of a process and exits. Errors that the operator can correct are printed without a stack trace. */
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
