import type { FastifyBaseLogger } from 'fastify'
import { becomeOwner, findServer, hasLivingOwner } from './owner.ts'
import { choosePlace } from './place.ts'
import { answers, initialize, startServer, stopServer, urlOf } from './server.ts'

export interface EmbeddedPostgres {
  url: string
  /** Stops the server, if this process is the one that answers for it. */
  close (): Promise<void>
}

/**
 * Opens the embedded server of a data folder. One that runs for a living process is shared and left running;
 * the orphan of a killed process is taken over; otherwise one is started.
 */
export async function openEmbedded (dataDir: string, log: FastifyBaseLogger): Promise<EmbeddedPostgres> {
  const place = await choosePlace(dataDir, log)
  const url = urlOf(place)
  const isRunning = await findServer(place) !== undefined && await answers(place)
  if (isRunning && await hasLivingOwner(place)) return { url, close: async () => {} }
  if (isRunning) {
    log.warn('taking over the PostgreSQL server that a killed process left behind')
  } else {
    log.info(`starting the embedded PostgreSQL in ${place.dataFolder}`)
    await initialize(place)
    await startServer(place)
  }
  await becomeOwner(place)
  return { url, close: async () => { await stopServer(place) } }
}
