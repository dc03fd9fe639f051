import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { chooseInstallation, type Installation } from './installation.ts'
import { findServer } from './process.ts'
import { answers, initialize, isInUse, startServer, stopServer, urlOf } from './server.ts'

export interface EmbeddedPostgres {
  url: string
  /** Stops the server unless another process uses it. Callers close their own connections first. */
  close (): Promise<void>
}

/**
 * Opens the embedded server of a data folder. A running server is shared, even if the process that started it was killed.
 * The last process to close it stops it.
 */
export async function openEmbedded (dataDir: string, log: FastifyBaseLogger): Promise<EmbeddedPostgres> {
  const installation = await chooseInstallation(dataDir, log)
  if (await findServer(installation) !== undefined && await answers(installation)) {
    if (!await isInUse(installation)) log.warn('taking over the PostgreSQL server that a killed process left behind')
  } else {
    log.info(`starting the embedded PostgreSQL in ${installation.dataFolder}`)
    await initialize(installation)
    await startServer(installation)
  }
  return { url: urlOf(installation), close: async () => { if (!await staysInUse(installation)) await stopServer(installation) } }
}

/** Retries for half a second, because the server notices a closed connection with a delay. */
async function staysInUse (installation: Installation): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    if (!await isInUse(installation)) return false
    await sleep(25)
  }
  return true
}
