import path from 'node:path'
import autoload from '@fastify/autoload'
import Fastify, { type FastifyInstance } from 'fastify'
import type { AppOptions } from './app.ts'
import { systemClock } from './process/clock.ts'
import { serverOptions } from './process/instance.ts'
import { registerPlugins } from './process/plugin-files.ts'

/** What it takes to send SMS, without a database, and to answer those who watch. */
const needed = [
  'errors', 'connections', 'health', 'secrets', 'metrics', 'redis', 'otp-store', 'otp', 'sms-metrics', 'deliveries', 'carrier', 'sms', 'sms-texts', 'sms-delivery', 'sms-outbox'
]

const root = path.resolve(import.meta.dirname, '..')

/** A process that sends the SMS that services have queued; it takes jobs from when this resolves. */
export async function buildWorker ({ config, clock = systemClock, startSignal = new AbortController().signal }: AppOptions): Promise<FastifyInstance> {
  const worker = Fastify(serverOptions(config))
  worker.decorate('config', config)
  worker.decorate('clock', clock)
  worker.decorate('startSignal', startSignal)
  try {
    const isNeeded = (file: string) => needed.some((name) => new RegExp(`^(\\w+/)?${name}[./]`).test(file))
    await registerPlugins(worker, { dir: path.join(root, 'plugins'), isNeeded })
    await worker.register(autoload, { dir: path.join(root, 'routes'), forceESM: true, matchFilter: /^\/(health|metrics)\// })
    await worker.ready()
    return worker
  } catch (error) {
    await worker.close().catch(() => {})
    throw error
  }
}
