import type { FastifyInstance } from 'fastify'
import { buildInstance } from '../process/instance.ts'
import type { AppOptions } from '../app.ts'
import { handOver } from './hand-over.ts'
import { warnAboutServer } from './server-options.ts'

/**
 * Starts an inner instance and mounts it below the prefix. It closes after the last request of the host, and also if a plugin of the
 * host fails while the instance starts.
 * @throws {StartError} when a dependency cannot be reached
 */
export async function mount (host: FastifyInstance, prefix: string, options: AppOptions): Promise<FastifyInstance> {
  const start = new AbortController()
  const stop = new AbortController()
  const starting = buildInstance({ ...options, startSignal: start.signal, stopSignal: stop.signal })
  // Each reply closes its connection from here on, as in the drain of the service.
  host.addHook('preClose', async () => { stop.abort() })
  host.addHook('onClose', async () => {
    start.abort()
    // A failed start has closed what it opened, and the registration has thrown its error.
    const instance = await starting.catch(() => undefined)
    await instance?.close()
  })
  const service = await starting
  warnAboutServer(host, service)
  try {
    await host.register(async (scope) => { handOver(scope, service) }, { prefix })
  } catch (error) {
    // The host has a route of its own at this address. It may not close itself after the error.
    await service.close()
    throw error
  }
  return service
}
