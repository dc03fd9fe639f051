import type { FastifyBaseLogger } from 'fastify'
import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { extendTokens, type Session } from '../../../db/tokens.ts'

export interface TokenActivity {
  /**
   * Records that a token was used at a moment (milliseconds since the epoch), unless a use was recorded shortly before.
   * Returns undefined, or, when the token is about to expire, a promise that resolves once its life has been extended.
   */
  record (session: Session, usedAt: number): Promise<void> | undefined
  /** Writes all recorded uses. It never rejects: uses that cannot be written are retained and written later. */
  flush (): Promise<void>
  /** Writes all recorded uses and stops the timer. */
  close (): Promise<void>
}

export interface TokenActivityOptions {
  db: Kysely<Database>
  log: FastifyBaseLogger
  ttlSeconds: number
}

const flushEveryMs = 1000
/** A token that expires sooner could be refused before its use is written. */
const closeToEndMs = 2 * flushEveryMs
const maximumIntervalMs = 60_000
const intervalsPerLife = 20
const maximumBatch = 1000
/** Bounds memory while the database is down. A use that is not recorded now is recorded at the next one. */
const maximumSessions = 100_000

/**
 * Extends tokens when they are used. Uses are collected in memory and written about once a second in one statement, so a
 * request does not wait for the write.
 */
export function createTokenActivity ({ db, log, ttlSeconds }: TokenActivityOptions): TokenActivity {
  const intervalMs = Math.min(maximumIntervalMs, ttlSeconds * 1000 / intervalsPerLife)
  /** The last use of each session in Unix seconds. */
  const lastUses = new Map<number, number>()
  let timer: NodeJS.Timeout | undefined
  let last: Promise<void> = Promise.resolve()
  let queued: Promise<void> | undefined
  let isFailing = false

  async function writeBatch (): Promise<void> {
    const uses = lastUses.entries().take(maximumBatch).map(([sessionId, usedAt]) => ({ sessionId, usedAt })).toArray()
    await extendTokens(db, uses, ttlSeconds)
    // A session that was used again during the write is written again.
    for (const { sessionId, usedAt } of uses) if (lastUses.get(sessionId) === usedAt) lastUses.delete(sessionId)
  }

  async function write (): Promise<void> {
    queued = undefined
    clearTimeout(timer)
    timer = undefined
    try {
      while (lastUses.size > 0) await writeBatch()
      isFailing = false
    } catch (error) {
      if (!isFailing) log.error({ err: error, waiting: lastUses.size }, 'uses of tokens could not be written and are tried again')
      isFailing = true
      flushLater()
    }
  }

  /** Runs one write at a time. All callers during a write share the next one. */
  function flush (): Promise<void> {
    queued ??= last.then(write)
    last = queued
    return queued
  }

  function flushLater (): void {
    timer ??= setTimeout(flush, flushEveryMs).unref()
  }

  return {
    flush,
    record ({ id, lastUsedAt, expiresAt, finalExpiresAt }, usedAt) {
      const second = Math.floor(usedAt / 1000)
      if (second * 1000 - lastUsedAt <= intervalMs) return undefined
      const recorded = lastUses.get(id)
      if (recorded === undefined && lastUses.size >= maximumSessions) return undefined
      // Lookups can finish out of order, so the later time wins.
      lastUses.set(id, Math.max(second, recorded ?? second))
      if (expiresAt - usedAt <= closeToEndMs && expiresAt < finalExpiresAt) return flush()
      flushLater()
      return undefined
    },
    async close () {
      await flush()
      clearTimeout(timer)
    }
  }
}
