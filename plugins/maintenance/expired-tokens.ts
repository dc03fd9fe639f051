import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { deleteExpired, expiringTables } from '../../db/maintenance.ts'
import type { Clock } from '../../src/process/clock.ts'
import { repeatEvery } from '../../src/process/periodic.ts'

const everyMs = 60_000
const batchSize = 1000

/**
 * Deletes the tokens, device tokens and phone changes that expired at least an hour ago, and challenges that were used ten minutes
 * ago, in batches. Instances may run it concurrently.
 * @returns how many rows this instance deleted
 */
export async function deleteExpiredTokens ({ db, clock }: { db: FastifyInstance['db'], clock: Clock }, signal?: AbortSignal): Promise<number> {
  let deleted = 0
  for (const table of expiringTables) {
    const before = new Date(clock.now() - table.keptMs)
    for (let count = batchSize; count === batchSize && signal?.aborted !== true; deleted += count) {
      count = await deleteExpired(db, table, before, batchSize)
    }
  }
  return deleted
}

/** Deletes expired tokens every minute on each instance. Close interrupts it after the current batch. */
export default fp(async (fastify) => {
  const run = async (signal: AbortSignal) => await deleteExpiredTokens({ db: fastify.db, clock: fastify.rowClock }, signal)
  repeatEvery(fastify, { everyMs, run, failure: 'expired tokens could not be removed' })
}, { name: 'expired-tokens', dependencies: ['postgres'], fastify: '5.x' })
