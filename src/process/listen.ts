import type { FastifyInstance } from 'fastify'
import { StartError } from './retry-until.ts'

/**
 * Listens at HOST and the port in this variable; does nothing when it is unset.
 * @throws {StartError} when the port is taken
 */
export async function listenAt (instance: FastifyInstance, variable: 'PORT' | 'WORKER_PORT'): Promise<void> {
  const { host, port: servicePort, workerPort } = instance.config.http
  const port = variable === 'PORT' ? servicePort : workerPort
  if (port === undefined) return
  await instance.listen({ host, port, listenTextResolver: (address) => `listening at ${address}` })
    .catch(async (error: NodeJS.ErrnoException) => {
      await instance.close()
      throw error.code === 'EADDRINUSE' ? new StartError(`port ${port} is taken: stop what listens there, or set ${variable}`) : error
    })
}
