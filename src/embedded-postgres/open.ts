import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { choosePlace, type Place } from './place.ts'
import { findServer } from './process.ts'
import { answers, initialize, isInUse, startServer, stopServer, urlOf } from './server.ts'

export interface EmbeddedPostgres {
  url: string
  /** Stops the server, unless somebody else still uses it. Close your own connections first. */
  close (): Promise<void>
}

/**
 * Opens the embedded server of a data folder. One that runs already is shared, whoever started it: another
 * process that still lives, or one that was killed. The last one to close stops it.
 */
export async function openEmbedded (dataDir: string, log: FastifyBaseLogger): Promise<EmbeddedPostgres> {
  const place = await choosePlace(dataDir, log)
  if (await findServer(place) !== undefined && await answers(place)) {
    if (!await isInUse(place)) log.warn('taking over the PostgreSQL server that a killed process left behind')
  } else {
    log.info(`starting the embedded PostgreSQL in ${place.dataFolder}`)
    await initialize(place)
    await startServer(place)
  }
  return { url: urlOf(place), close: async () => { if (!await staysInUse(place)) await stopServer(place) } }
}

/** The server notices only after a moment that a connection was closed. */
async function staysInUse (place: Place): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    if (!await isInUse(place)) return false
    await sleep(25)
  }
  return true
}
