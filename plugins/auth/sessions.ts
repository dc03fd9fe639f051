import fp from 'fastify-plugin'
import { deleteSessions, listSessions, type SessionRow } from '../../db/sessions.ts'
import type { Session } from '../../db/tokens.ts'
import { findUser } from '../../db/users.ts'
import { authenticationScope, jwtPattern } from '../../src/domain/auth/token.ts'
import { ApiError } from '../../src/http/errors.ts'

/** The sessions of a user, one per token. Every instance refuses the token of an ended session from the next request on. */
export interface Sessions {
  /** Lists the valid sessions, the latest use first. */
  list (userId: number): Promise<SessionRow[]>
  /** Ends one session; `false` if the user has no valid session with this id. */
  end (userId: number, sessionId: number): Promise<boolean>
  /**
   * Ends the session of a token. An unknown token is ignored.
   * @throws {ApiError} `CHR_TOKEN_TYPE_UNSUPPORTED` for a JWT
   */
  revoke (token: string): Promise<void>
  /** Ends all sessions except the current one, and returns their number. */
  endOthers (current: Pick<Session, 'id' | 'userId'>): Promise<number>
  /** Ends all sessions and the live codes that could begin a new one, and returns the number of sessions. */
  endAll (userId: number): Promise<number>
}

declare module 'fastify' {
  interface FastifyInstance { sessions: Sessions }
}

/** Maximum length of the list. Sessions beyond it can only be ended all at once. */
const maximumListed = 1000

/** Lists and ends the sessions of a user. */
export default fp(async (fastify) => {
  const { db, rowClock: clock, otp, phoneChange, tokens, securityLog } = fastify
  const sessionsOf = (userId: number) => ({ userId, scope: authenticationScope, now: new Date(clock.now()) })

  async function revokeCodes (userId: number): Promise<void> {
    const user = await findUser(db, userId)
    if (user !== undefined) await otp.revoke(user.phone_number)
    await phoneChange.clear(userId)
  }

  async function end (userId: number, sessionId: number): Promise<boolean> {
    const count = await deleteSessions(db, sessionsOf(userId), { only: sessionId })
    if (count > 0) securityLog.record('session.ended', { userId, count })
    return count > 0
  }

  fastify.decorate('sessions', {
    async list (userId) {
      await tokens.activity.flush()
      return await listSessions(db, sessionsOf(userId), maximumListed)
    },
    end,
    async revoke (token) {
      if (jwtPattern.test(token)) throw new ApiError('CHR_TOKEN_TYPE_UNSUPPORTED')
      const session = await tokens.findSession(token)
      if (session !== undefined) await end(session.userId, session.id)
    },
    async endOthers ({ id, userId }) {
      const count = await deleteSessions(db, sessionsOf(userId), { except: id })
      securityLog.record('session.ended', { userId, count })
      return count
    },
    async endAll (userId) {
      // Codes are revoked first: if their store cannot be reached, the caller still has a session for a retry.
      await revokeCodes(userId)
      const count = await tokens.deleteAllForUser(userId)
      securityLog.record('session.ended', { userId, count })
      return count
    }
  })
}, { name: 'sessions', dependencies: ['postgres', 'otp', 'phone-change', 'tokens', 'security-events'], fastify: '5.x' })
