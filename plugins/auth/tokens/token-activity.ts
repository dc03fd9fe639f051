import fp from 'fastify-plugin'
import { extendTokens, type Session } from '../../../db/tokens.ts'

export interface TokenUses {
  /**
   * Notes that a token was used at a moment (milliseconds since the epoch), unless its last use was noted lately.
   * Returns nothing, or, close to the end of the token, a promise to wait for: then its life has been extended.
   */
  note (session: Session, usedAt: number): Promise<void> | undefined
  /** Writes all that is noted; never rejects, for what cannot be written is kept for the next time. */
  flush (): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance { tokenUses: TokenUses }
}

const flushEveryMs = 1000
/** A token that ends sooner would be refused before its use is written. */
const closeToEndMs = 2 * flushEveryMs
const maximumIntervalMs = 60_000
const intervalsPerLife = 20
const maximumBatch = 1000
/** While nothing can be written, memory must not grow; a use that is not noted now is noted at the next one. */
const maximumNotes = 100_000

/**
 * Offers `tokenUses`: use extends a token. Uses gather here and go out about each second as one statement, so that they
 * cost a look-up nothing; close writes what is left.
 */
export default fp(async (fastify) => {
  const { db, config, log } = fastify
  const ttlSeconds = config.TOKEN_TTL_SECONDS
  const intervalMs = Math.min(maximumIntervalMs, ttlSeconds * 1000 / intervalsPerLife)
  /** Unix seconds of the last use by session. */
  const notes = new Map<number, number>()
  let timer: NodeJS.Timeout | undefined
  let last: Promise<void> = Promise.resolve()
  let queued: Promise<void> | undefined
  let isFailing = false

  async function writeBatch (): Promise<void> {
    const uses = notes.entries().take(maximumBatch).map(([sessionId, usedAt]) => ({ sessionId, usedAt })).toArray()
    await extendTokens(db, uses, ttlSeconds)
    // One that was used again meanwhile stays.
    for (const { sessionId, usedAt } of uses) if (notes.get(sessionId) === usedAt) notes.delete(sessionId)
  }

  async function write (): Promise<void> {
    queued = undefined
    clearTimeout(timer)
    timer = undefined
    try {
      while (notes.size > 0) await writeBatch()
      isFailing = false
    } catch (error) {
      if (!isFailing) log.error({ err: error, waiting: notes.size }, 'uses of tokens could not be written and are tried again')
      isFailing = true
      flushLater()
    }
  }

  /** One write at a time; whoever asks during it shares the one after it. */
  function flush (): Promise<void> {
    queued ??= last.then(write)
    last = queued
    return queued
  }

  function flushLater (): void {
    timer ??= setTimeout(flush, flushEveryMs).unref()
  }

  fastify.decorate('tokenUses', {
    flush,
    note ({ id, lastUsedAt, expiresAt, finalExpiresAt }, usedAt) {
      const second = Math.floor(usedAt / 1000)
      if (second * 1000 - lastUsedAt <= intervalMs) return undefined
      const noted = notes.get(id)
      if (noted === undefined && notes.size >= maximumNotes) return undefined
      // Look-ups overtake each other.
      notes.set(id, Math.max(second, noted ?? second))
      if (expiresAt - usedAt <= closeToEndMs && expiresAt < finalExpiresAt) return flush()
      flushLater()
      return undefined
    }
  })

  fastify.addHook('onClose', async () => {
    await flush()
    clearTimeout(timer)
  })
}, { name: 'token-uses', dependencies: ['postgres'], fastify: '5.x' })
