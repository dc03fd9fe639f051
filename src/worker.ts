import path from 'node:path'
import autoload from '@fastify/autoload'
import Fastify, { type FastifyInstance } from 'fastify'
import { decorateWithOptions, type AppOptions } from './app.ts'
import { serverOptions } from './process/instance.ts'
import { registerPlugins } from './process/plugin-files.ts'

/** The plugins outside the room `sms` that sending SMS and reporting on it depend on. A worker has no database. */
const sharedPlugins = [
  'auth/otp', 'auth/otp-store', 'http/errors',
  'platform/connections', 'platform/health', 'platform/metrics', 'platform/redis', 'platform/secrets'
]

const root = path.resolve(import.meta.dirname, '..')

/** Builds a process that sends the SMS which services have queued. It accepts jobs as soon as this resolves. */
export async function buildWorker (options: AppOptions): Promise<FastifyInstance> {
  const worker = Fastify(serverOptions(options.config))
  decorateWithOptions(worker, options)
  try {
    await registerPlugins(worker, { dir: path.join(root, 'plugins'), isNeeded })
    await worker.register(autoload, { dir: path.join(root, 'routes'), forceESM: true, matchFilter: /^\/(health|metrics)\// })
    await worker.ready()
    return worker
  } catch (error) {
    await worker.close().catch(() => {})
    throw error
  }
}

/** Takes the path of a plugin, such as `auth/otp` or `platform/redis/index`. */
function isNeeded (file: string): boolean {
  return file.startsWith('sms/') || sharedPlugins.includes(file.replace(/\/index$/, ''))
}
