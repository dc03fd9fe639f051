import fp from 'fastify-plugin'
import { findUser } from '../../db/accounts.ts'
import { deleteSessions, listSessions, type SessionRow } from '../../db/sessions.ts'
import type { Session } from '../../db/tokens.ts'
import { authenticationScope } from '../../src/domain/auth/token.ts'

/** A session is a token as its user sees it. Whatever ends here is refused from the next request on, on every instance. */
export interface Sessions {
  /** Those in force, the newest use first. */
  list (userId: number): Promise<SessionRow[]>
  /** Ends one; `false` when the user has none of this id in force. */
  end (userId: number, sessionId: number): Promise<boolean>
  /** Ends all but this one; returns how many. */
  endOthers (current: Pick<Session, 'id' | 'userId'>): Promise<number>
  /** Ends every one, and the codes under way that could begin another; returns how many. */
  endAll (userId: number): Promise<number>
}

declare module 'fastify' {
  interface FastifyInstance { sessions: Sessions }
}

/** More than anyone reads; all of them can be ended, listed or not. */
const maximumListed = 1000

/** Offers `sessions`. */
export default fp(async (fastify) => {
  const { db, clock, otp, phoneChange, tokens, securityLog } = fastify
  const of = (userId: number) => ({ userId, scope: authenticationScope, now: new Date(clock.now()) })

  async function revokeCodes (userId: number): Promise<void> {
    const user = await findUser(db, userId)
    if (user !== undefined) await otp.revoke(user.phone_number)
    await phoneChange.forget(userId)
  }

  fastify.decorate('sessions', {
    async list (userId) {
      await tokens.activity.flush()
      return await listSessions(db, of(userId), maximumListed)
    },
    async end (userId, sessionId) {
      const count = await deleteSessions(db, of(userId), { only: sessionId })
      if (count > 0) securityLog.record('session.ended', { userId, count })
      return count > 0
    },
    async endOthers ({ id, userId }) {
      const count = await deleteSessions(db, of(userId), { except: id })
      securityLog.record('session.ended', { userId, count })
      return count
    },
    async endAll (userId) {
      // The codes first: if they cannot be reached, the caller still has a session to try again with.
      await revokeCodes(userId)
      const count = await tokens.deleteAllForUser(userId)
      securityLog.record('session.ended', { userId, count })
      return count
    }
  })
}, { name: 'sessions', dependencies: ['postgres', 'otp', 'phone-change', 'tokens', 'security-events'], fastify: '5.x' })
