import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { ConfigError } from '../config/index.ts'
import { StartError } from './retry-until.ts'

/** Time to close pools and sockets after the configured times. The process then ends with exit code 1. */
const closeMarginSeconds = 5
const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * On Ctrl+C the terminal signals all of its processes, and npm forwards its signal, so the same one arrives twice within
 * milliseconds.
 */
const echoMs = 300
/** The last signal that is not an echo; `name` is empty until one arrives. */
let last = { name: '', at: -Infinity }
/** Ends the drain; `undefined` at other times. */
let draining: AbortController | undefined

/**
 * Resolves to the first stop signal, and aborts `stop`. A second signal ends the drain, and at any other time the process. The same
 * signal within 300 ms is an echo and is ignored.
 */
export async function untilSignal (stop = new AbortController()): Promise<string> {
  return await new Promise((resolve) => {
    for (const name of signals) {
      process.on(name, () => {
        const now = performance.now()
        if (name === last.name && now - last.at <= echoMs) return
        const isFirst = last.name === ''
        last = { name, at: now }
        if (!isFirst && draining === undefined) process.exit(130)
        draining?.abort()
        stop.abort()
        resolve(name)
      })
    }
  })
}

/** Resolves when no echo of the signal can arrive any more. An echo would kill a process that exits with code 0. */
export async function outlastEcho (): Promise<void> {
  await sleep(Math.max(0, last.at + echoMs - performance.now()))
}

/**
 * Waits for DRAIN_SECONDS, in which the instance serves requests although it is not ready, so that balancers stop sending them before
 * the listener closes. `end` ends the wait.
 */
export async function drain ({ config, clock, log }: Pick<FastifyInstance, 'config' | 'clock' | 'log'>, end: AbortSignal): Promise<void> {
  const { drainSeconds } = config.process
  if (drainSeconds === 0) return
  log.info({ seconds: drainSeconds }, 'not ready any more, and serving requests until balancers have noticed')
  await Promise.race([clock.sleep(drainSeconds * 1000), once(end, 'abort')])
}

/** Closes the instance gracefully: drain, running requests, SMS, then connections, each within its time. */
export async function shutDown (instance: FastifyInstance, signal: string): Promise<void> {
  const { config, log } = instance
  log.info({ signal }, 'received signal, starting shutdown')
  const { drainSeconds, shutdownSeconds, shutdownUploadSeconds, shutdownSmsSeconds } = config.process
  const seconds = drainSeconds + Math.max(shutdownSeconds, shutdownUploadSeconds) + shutdownSmsSeconds + closeMarginSeconds
  setTimeout(() => {
    log.fatal('shutdown took too long')
    process.exit(1)
  }, seconds * 1000)
  draining = new AbortController()
  await drain(instance, draining.signal)
  draining = undefined
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
