import fp from 'fastify-plugin'
import { deleteAllSessions } from '../../../db/sessions.ts'
import type { Session } from '../../../db/tokens.ts'
import { authenticationScope } from '../../../src/domain/auth/token.ts'
import { createTokenActivity, type TokenActivity } from './token-activity.ts'
import { createLookUps } from './token-loader.ts'

export interface Tokens {
  /** The session of a token in force, asked from the database each time: a revoked token is refused on the next request. Counts as a use. */
  findSession (plaintext: string): Promise<Session | undefined>
  /** Ends a user's tokens of a scope and known devices, and bars the logins under way; returns how many were in force. */
  deleteAllForUser (userId: number, scope?: string): Promise<number>
  /** The uses of tokens that are recorded in memory and not yet written. */
  readonly activity: TokenActivity
}

declare module 'fastify' {
  interface FastifyInstance { tokens: Tokens }
}

/** Finds and ends sessions by their tokens. Close writes the uses that are still in memory. */
export default fp(async (fastify) => {
  const { db, clock, config, dbConnections, log } = fastify
  const activity = createTokenActivity({ db, log, ttlSeconds: config.auth.tokenTtlSeconds })
  fastify.decorate('tokens', {
    findSession: createLookUps({ connections: dbConnections, clock, activity }),
    deleteAllForUser: async (userId, scope = authenticationScope) => await deleteAllSessions(db, { userId, scope, now: new Date(clock.now()) }),
    activity
  })
  fastify.addHook('onClose', activity.close)
}, { name: 'tokens', dependencies: ['postgres'], fastify: '5.x' })
