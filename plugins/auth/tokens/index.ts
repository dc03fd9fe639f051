import fp from 'fastify-plugin'
import { deleteAllSessions } from '../../../db/sessions.ts'
import type { Session } from '../../../db/tokens.ts'
import { authenticationScope } from '../../../src/domain/auth/token.ts'
import { createTokenActivity, type TokenActivity } from './token-activity.ts'
import { createSessionLoader } from './session-loader.ts'
import { createTokenLoader } from './token-loader.ts'

export interface Tokens {
  /** Finds the session of a valid token in the database, so a revoked token is refused on the next request. It counts as a use. */
  findSession (plaintext: string): Promise<Session | undefined>
  /** Finds a valid session by its id. It does not count as a use. */
  findSessionById (id: number): Promise<Session | undefined>
  /** Deletes the tokens and trusted devices of a user, bars logins in flight, and returns how many tokens were valid. */
  deleteAllForUser (userId: number, scope?: string): Promise<number>
  /** The uses of tokens that are recorded in memory and not yet written. */
  readonly activity: TokenActivity
}

declare module 'fastify' {
  interface FastifyInstance { tokens: Tokens }
}

/** Finds and ends sessions by their tokens. Close writes the uses that are still in memory. */
export default fp(async (fastify) => {
  const { db, rowClock: clock, config, dbConnections, log } = fastify
  const activity = createTokenActivity({ db, log, ttlSeconds: config.auth.tokenTtlSeconds })
  fastify.decorate('tokens', {
    findSession: createTokenLoader({ connections: dbConnections, clock, activity }),
    findSessionById: createSessionLoader({ connections: dbConnections, clock }),
    async deleteAllForUser (userId, scope = authenticationScope) {
      return await deleteAllSessions(db, { userId, scope, now: new Date(clock.now()) })
    },
    activity
  })
  fastify.addHook('onClose', activity.close)
}, { name: 'tokens', dependencies: ['postgres'], fastify: '5.x' })
