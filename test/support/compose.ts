import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import type { Test } from 'tap'
import { systemClock, type Clock } from '../../src/process/clock.ts'
import { loadConfig } from '../../src/config/index.ts'
import { logOptions } from '../../src/process/logging.ts'
import { createServerClock } from '../../src/process/server-clock.ts'
import { longDeadlines } from './helper.ts'

/** A parsed line of the log. */
export interface LogLine { level: number, msg: string, [field: string]: unknown }

export interface Composed {
  app: FastifyInstance
  /** All lines so far, of every level. */
  log: LogLine[]
}

export interface ComposeOptions {
  env?: Record<string, string>
  clock?: Clock
  stopSignal?: AbortSignal
}

/** Stands for the outbox where a test needs no SMS. */
export const noOutbox = fp(async () => {}, { name: 'sms-outbox' })

/** Builds an instance with these plugins only, in this order, and records its log. It is closed after the test. */
export async function compose (
  t: Test, plugins: FastifyPluginAsync[],
  { env = {}, clock = systemClock, stopSignal = new AbortController().signal }: ComposeOptions = {}
): Promise<Composed> {
  const log: LogLine[] = []
  const stream = { write: (line: string) => { log.push(JSON.parse(line) as LogLine) } }
  const app = Fastify({ logger: { ...logOptions('trace'), stream } })
  t.teardown(async () => { await app.close() })
  app.decorate('config', loadConfig({ DATA_DIR: t.testdir(), SHUTDOWN_SMS_SECONDS: '5', ...longDeadlines, ...env }))
  app.decorate('clock', clock)
  app.decorate('stopSignal', stopSignal)
  app.decorate('ruleClock', createServerClock(clock))
  app.decorate('rowClock', createServerClock(clock))
  for (const plugin of plugins) await app.register(plugin)
  await app.ready()
  return { app, log }
}
