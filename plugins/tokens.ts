import fp from 'fastify-plugin'
import { deleteAllSessions } from '../db/sessions.ts'
import { findSessions, type Session } from '../db/tokens.ts'
import { authenticationScope, hexHashToken } from '../src/domain/token.ts'

export interface Tokens {
  /** The session of a token in force, asked from the database each time: a revoked token is refused on the next request. Counts as a use. */
  findSession (plaintext: string): Promise<Session | undefined>
  /** Ends a user's tokens of a scope and known devices, and bars the logins under way; returns how many were in force. */
  deleteAllForUser (userId: number, scope?: string): Promise<number>
}

declare module 'fastify' {
  interface FastifyInstance { tokens: Tokens }
}

interface LookUp {
  /** In hex. */
  hash: string
  resolve (session: Session | undefined | Promise<Session | undefined>): void
  reject (error: unknown): void
}

/** A bigger batch would only make its first caller wait. */
const maximumBatch = 500
/** As many are worth a query of their own while others are under way; fewer gather until one is back, which is less work. */
const worthwhileBatch = 16
/** Unless none comes back: one statement that is stuck must not hold up everybody. */
const patienceMs = 25
const maximumUnderWay = 4

/**
 * Offers `tokens`. The look-ups of an event-loop turn go out as one query, which costs under load a third of a
 * query each; a lone look-up waits for nothing but the end of its turn.
 */
export default fp(async (fastify) => {
  const { db, clock, tokenUses } = fastify
  const waiting: LookUp[] = []
  let underWay = 0
  let askedAt = 0
  let timer: NodeJS.Timeout | undefined

  function ask (batch: readonly LookUp[]): void {
    underWay += 1
    askedAt = performance.now()
    const now = clock.now()
    findSessions(db, batch.map(({ hash }) => hash), { scope: authenticationScope, now: new Date(now) }).then((sessions) => {
      batch.forEach(({ resolve }, place) => {
        const session = sessions[place]
        const extended = session === undefined ? undefined : tokenUses.note(session, now)
        if (extended === undefined) resolve(session)
        else resolve(extended.then(() => session))
      })
    }, (error: unknown) => {
      for (const { reject } of batch) reject(error)
    }).finally(() => {
      underWay -= 1
      setImmediate(flush)
    })
  }

  function isWorthwhile (): boolean {
    return underWay === 0 || waiting.length >= worthwhileBatch || performance.now() - askedAt >= patienceMs
  }

  function flush (): void {
    while (waiting.length > 0 && underWay < maximumUnderWay && isWorthwhile()) ask(waiting.splice(0, maximumBatch))
    if (waiting.length === 0 || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      flush()
    }, patienceMs)
  }

  fastify.decorate('tokens', {
    findSession: (plaintext) => new Promise((resolve, reject) => {
      if (waiting.push({ hash: hexHashToken(plaintext), resolve, reject }) === 1) setImmediate(flush)
    }),
    deleteAllForUser: async (userId, scope = authenticationScope) => await deleteAllSessions(db, { userId, scope, now: new Date(clock.now()) })
  })
}, { name: 'tokens', dependencies: ['postgres', 'token-uses'], fastify: '5.x' })
