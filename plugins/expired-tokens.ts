import fp from 'fastify-plugin'
import { deleteExpired, expiring } from '../db/expired.ts'

export interface ExpiredTokens {
  /** Deletes the tokens, and the device tokens, that have been over for an hour, in batches; returns how many this instance took. */
  remove (): Promise<number>
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
  const { db, clock, log } = fastify
  const closing = new AbortController()
  let underWay: Promise<unknown> | undefined

  async function remove (): Promise<number> {
    const before = new Date(clock.now() - graceMs)
    let removed = 0
    for (const place of expiring) {
      for (let count = batchSize; count === batchSize && !closing.signal.aborted; removed += count) count = await deleteExpired(db, place, before, batchSize)
    }
    return removed
  }

  const timer = setInterval(() => {
    underWay ??= remove().catch((error: unknown) => { log.warn({ err: error }, 'expired tokens could not be removed') })
      .finally(() => { underWay = undefined })
  }, everyMs).unref()

  fastify.decorate('expiredTokens', { remove })
  fastify.addHook('preClose', async () => {
    closing.abort()
    clearInterval(timer)
  })
  fastify.addHook('onClose', async () => { await underWay })
}, { name: 'expired-tokens', dependencies: ['postgres'], fastify: '5.x' })
