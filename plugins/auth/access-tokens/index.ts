import fp from 'fastify-plugin'
import type { Session } from '../../../db/tokens.ts'
import type { AccessTokenClaims } from '../../../src/domain/auth/access-token-claims.ts'
import { tokenPattern } from '../../../src/domain/auth/token.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { createSigner } from './sign.ts'
import { createVerifier } from './verify.ts'

/** A signed JWT, and the seconds until it ends. */
export interface SignedToken { token: string, expiresIn: number }

/** JWTs for other services: receipts of a session that are valid for minutes. */
export interface AccessTokens {
  /** The audiences that a JWT may be for: the service itself, and those of JWT_AUDIENCES. */
  readonly audiences: readonly string[]
  /** Address of the service, which is the issuer and the audience of JWTs for its own routes. */
  readonly issuer: string
  /**
   * Signs a JWT for an audience. It ends with the session, and after JWT_TTL_SECONDS at the latest.
   * @throws {ApiError} `CHR_UNAUTHENTICATED` if the session or the account has just ended
   * @throws {UnavailableError}
   */
  sign (session: Session, audience: string): Promise<SignedToken>
  /**
   * Signs a JWT for the holder of the token of a session, which counts as a use of the session.
   * @throws {ApiError} `CHR_AUDIENCE_UNKNOWN`, or `CHR_SUBJECT_TOKEN_INVALID` for any text but the token of a valid session, a JWT included
   * @throws {UnavailableError}
   */
  exchange (subjectToken: string, audience: string): Promise<SignedToken>
  /** Verifies signature, issuer, type and times of a JWT, and not its session. Returns `undefined` if one of them is wrong. */
  verify (jwt: string): Promise<AccessTokenClaims | undefined>
  /**
   * Finds the session of a JWT for the service itself. With JWT_STATELESS, and unless the session must be live, the claims are the
   * session; otherwise it is looked up, so that an ended one is refused at once. It never counts as a use.
   */
  findSession (jwt: string, options: { isLive: boolean }): Promise<Session | undefined>
}

declare module 'fastify' {
  interface FastifyInstance { accessTokens: AccessTokens }
}

/** Signs and verifies JWTs by RFC 9068. They never extend a session. */
export default fp(async (fastify) => {
  const { db, rowClock: clock, signingKeys, tokens, config: { jwt, http: { baseUrl: issuer } } } = fastify
  const audiences = [...new Set([issuer, ...jwt.audiences])]
  const sign = createSigner({ issuer, config: jwt, db, clock, signingKeys })
  const verify = createVerifier({ issuer, clock, signingKeys })

  fastify.decorate('accessTokens', {
    issuer,
    audiences,
    sign,
    async exchange (subjectToken, audience) {
      if (!audiences.includes(audience)) throw new ApiError('CHR_AUDIENCE_UNKNOWN')
      const session = tokenPattern.test(subjectToken) ? await tokens.findSession(subjectToken) : undefined
      if (session === undefined) throw new ApiError('CHR_SUBJECT_TOKEN_INVALID')
      return await sign(session, audience).catch((error: unknown) => {
        const isOver = error instanceof ApiError && error.code === 'CHR_UNAUTHENTICATED'
        throw isOver ? new ApiError('CHR_SUBJECT_TOKEN_INVALID') : error
      })
    },
    verify,
    async findSession (text, { isLive }) {
      const claims = await verify(text)
      if (claims?.aud !== issuer) return undefined
      if (jwt.isStateless && !isLive) return toSession(claims)
      const session = await tokens.findSessionById(Number(claims.sid))
      return session?.userId === Number(claims.sub) ? session : undefined
    }
  })
}, { name: 'access-tokens', dependencies: ['postgres', 'signing-keys', 'tokens'], fastify: '5.x' })

/** The session as the claims describe it. It ends with the JWT. */
function toSession ({ sid, sub, auth_time: loginTime, iat, exp }: AccessTokenClaims): Session {
  return {
    id: Number(sid), userId: Number(sub), startedAt: loginTime * 1000, lastUsedAt: iat * 1000, expiresAt: exp * 1000, finalExpiresAt: exp * 1000
  }
}
