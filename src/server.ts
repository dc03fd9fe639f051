import { once } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { printWelcome } from './welcome.ts'
import { ConfigError, loadConfig } from './config.ts'
import { buildInstance } from './instance.ts'
import { StartError } from './start-wait.ts'

/** What closing pools and sockets may take beyond the two stated deadlines before the process ends regardless. */
const closeMarginSeconds = 5

/** The process: configuration, service, signals. The only file that reads the environment. */
async function main (): Promise<void> {
  const signal = Promise.race((['SIGINT', 'SIGTERM'] as const).map(async (name) => {
    await once(process, name)
    return name
  }))
  const config = loadConfig(process.env)
  const instance = await buildInstance({ config })
  instance.log.info({ mode: config.NODE_ENV, port: config.PORT }, 'starting server')
  await instance.listen({ host: config.HOST, port: config.PORT, listenTextResolver: (address) => `listening at ${address}` })
    .catch(async (error: unknown) => {
      await instance.close()
      throw error
    })
  if (config.NODE_ENV !== 'production') printWelcome(instance)

  await shutDown(instance, await signal)
}

/** A second signal ends the process at once. */
async function shutDown (instance: FastifyInstance, signal: string): Promise<never> {
  const { config, log } = instance
  log.info({ signal }, 'received signal, starting shutdown')
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130))
  const seconds = config.SHUTDOWN_SECONDS + config.SHUTDOWN_SMS_SECONDS + closeMarginSeconds
  setTimeout(() => {
    log.fatal('shutdown took too long')
    process.exit(1)
  }, seconds * 1000)
  await instance.close()
  log.info('server stopped')
  process.exit(0)
}

try {
  await main()
} catch (error) {
  if (error instanceof ConfigError || error instanceof StartError) process.stderr.write(`${error.message}\n`)
  else console.error(error)
  process.exit(1)
}
