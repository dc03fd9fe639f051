import fp from 'fastify-plugin'
import { deleteSessions, listSessions, type SessionRow } from '../db/sessions.ts'
import type { Session } from '../db/tokens.ts'
import { authenticationScope } from '../src/domain/token.ts'

/** A session is a token as its user sees it. Whatever ends here is refused from the next request on, on every instance. */
export interface Sessions {
  /** Those in force, the newest use first. */
  list (userId: number): Promise<SessionRow[]>
  /** Ends one; `false` when the user has none of this id in force. */
  end (userId: number, sessionId: number): Promise<boolean>
  /** Ends all but this one; returns how many. */
  endOthers (current: Pick<Session, 'id' | 'userId'>): Promise<number>
  /** Ends every one; returns how many. */
  endAll (userId: number): Promise<number>
}

declare module 'fastify' {
  interface FastifyInstance { sessions: Sessions }
}

/** More than anyone reads; all of them can be ended, listed or not. */
const maximumListed = 1000

/** Offers `sessions`. */
export default fp(async (fastify) => {
  const { db, clock, tokens, tokenUses } = fastify
  const of = (userId: number) => ({ userId, scope: authenticationScope, now: new Date(clock.now()) })

  fastify.decorate('sessions', {
    async list (userId) {
      await tokenUses.flush()
      return await listSessions(db, of(userId), maximumListed)
    },
    end: async (userId, sessionId) => await deleteSessions(db, of(userId), { only: sessionId }) > 0,
    endOthers: async ({ id, userId }) => await deleteSessions(db, of(userId), { except: id }),
    endAll: async (userId) => await tokens.deleteAllForUser(userId)
  })
}, { name: 'sessions', dependencies: ['postgres', 'tokens', 'token-uses'], fastify: '5.x' })
