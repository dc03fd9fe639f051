import fp from 'fastify-plugin'
import { deleteAllSessions } from '../../../db/sessions.ts'
import type { Session } from '../../../db/tokens.ts'
import { authenticationScope } from '../../../src/domain/auth/token.ts'
import { createLookUps } from './token-loader.ts'

export interface Tokens {
  /** The session of a token in force, asked from the database each time: a revoked token is refused on the next request. Counts as a use. */
  findSession (plaintext: string): Promise<Session | undefined>
  /** Ends a user's tokens of a scope and known devices, and bars the logins under way; returns how many were in force. */
  deleteAllForUser (userId: number, scope?: string): Promise<number>
}

declare module 'fastify' {
  interface FastifyInstance { tokens: Tokens }
}

/** Offers `tokens`. */
export default fp(async (fastify) => {
  const { db, clock, dbConnections, tokenUses } = fastify
  fastify.decorate('tokens', {
    findSession: createLookUps({ connections: dbConnections, clock, tokenUses }),
    deleteAllForUser: async (userId, scope = authenticationScope) => await deleteAllSessions(db, { userId, scope, now: new Date(clock.now()) })
  })
}, { name: 'tokens', dependencies: ['postgres', 'token-uses'], fastify: '5.x' })
