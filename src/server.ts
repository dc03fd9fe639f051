import { once } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { ConfigError, loadConfig } from './config.ts'
import { buildInstance } from './instance.ts'
import { StartError } from './start-wait.ts'
import { printWelcome } from './welcome.ts'

/** What closing pools and sockets may take beyond the two stated deadlines before the process ends regardless. */
const closeMarginSeconds = 5
const signals = ['SIGINT', 'SIGTERM'] as const

/** The process: configuration, service, signals. The only file that reads the environment. */
async function main (): Promise<void> {
  const start = new AbortController()
  const signal = Promise.race(signals.map(async (name) => {
    await once(process, name)
    start.abort()
    return name
  }))
  const config = loadConfig(process.env)
  const instance = await buildInstance({ config, startSignal: start.signal }).catch((error: unknown) => {
    if (!start.signal.aborted) throw error
  })
  if (instance === undefined) return
  instance.log.info({ mode: config.NODE_ENV, port: config.PORT }, 'starting server')
  await instance.listen({ host: config.HOST, port: config.PORT, listenTextResolver: (address) => `listening at ${address}` })
    .catch(async (error: NodeJS.ErrnoException) => {
      await instance.close()
      const isTaken = error.code === 'EADDRINUSE'
      throw isTaken ? new StartError(`port ${config.PORT} is taken: stop what listens there, or set PORT`) : error
    })
  if (config.NODE_ENV !== 'production') printWelcome(instance)
  await shutDown(instance, await signal)
}

/** A second signal ends the process at once. */
async function shutDown (instance: FastifyInstance, signal: string): Promise<void> {
  const { config, log } = instance
  log.info({ signal }, 'received signal, starting shutdown')
  for (const name of signals) process.once(name, () => process.exit(130))
  const seconds = config.SHUTDOWN_SECONDS + config.SHUTDOWN_SMS_SECONDS + closeMarginSeconds
  setTimeout(() => {
    log.fatal('shutdown took too long')
    process.exit(1)
  }, seconds * 1000)
  await instance.close()
  log.info('server stopped')
}

try {
  await main()
  process.exit(0)
} catch (error) {
  if (error instanceof ConfigError || error instanceof StartError) process.stderr.write(`${error.message}\n`)
  else console.error(error)
  process.exit(1)
}
