import fp from 'fastify-plugin'
import { deleteExpired, expiring } from '../../db/expired.ts'
import { repeatEvery } from '../../src/process/periodic.ts'

export interface ExpiredTokens {
  /** Deletes the tokens, and the device tokens, that have been over for an hour, in batches; returns how many this instance took. */
  remove (signal?: AbortSignal): Promise<number>
}

declare module 'fastify' {
  interface FastifyInstance { expiredTokens: ExpiredTokens }
}

const everyMs = 60_000
const batchSize = 1000
/** A last use may be written late, and the clocks of instances differ: until then a token could still be extended. */
const graceMs = 3_600_000

/** Offers `expiredTokens` and removes them each minute, on as many instances as there are. Close ends it after the batch under way. */
export default fp(async (fastify) => {
  const { db, clock } = fastify

  async function remove (signal?: AbortSignal): Promise<number> {
    const before = new Date(clock.now() - graceMs)
    let removed = 0
    for (const place of expiring) {
      for (let count = batchSize; count === batchSize && signal?.aborted !== true; removed += count) count = await deleteExpired(db, place, before, batchSize)
    }
    return removed
  }

  fastify.decorate('expiredTokens', { remove })
  repeatEvery(fastify, { everyMs, run: remove, failure: 'expired tokens could not be removed' })
}, { name: 'expired-tokens', dependencies: ['postgres'], fastify: '5.x' })
