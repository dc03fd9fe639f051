import fp from 'fastify-plugin'
import { jwtVerify, SignJWT, type JWTHeaderParameters } from 'jose'
import { JOSEError } from 'jose/errors'
import type { Session } from '../../db/tokens.ts'
import { findUser } from '../../db/users.ts'
import { accessTokenType, claimNames, clientId, type AccessTokenClaims } from '../../src/domain/auth/access-token-claims.ts'
import { fillClaims } from '../../src/domain/auth/jwt-claims.ts'
import { takeRandomBytes } from '../../src/domain/auth/random.ts'
import { algorithms } from '../../src/domain/auth/signing-keys.ts'
import { ApiError } from '../../src/http/errors.ts'

/** JWTs for other services: receipts of a session that are valid for minutes. */
export interface AccessTokens {
  /** The audiences that a JWT may be for: the service itself, and those of JWT_AUDIENCES. */
  readonly audiences: readonly string[]
  /** Address of the service, which is the issuer and the audience of JWTs for its own routes. */
  readonly issuer: string
  /**
   * Signs a JWT for an audience. It ends with the session, and after JWT_TTL_SECONDS at the latest.
   * @returns the JWT, and the seconds until it ends
   * @throws {ApiError} CHR_UNAUTHENTICATED if the account has just been deleted
   * @throws {UnavailableError}
   */
  sign (session: Session, audience: string): Promise<{ token: string, expiresIn: number }>
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

  async function findKey ({ kid = '' }: JWTHeaderParameters) {
    const key = await signingKeys.find(kid)
    if (key === undefined) throw new JOSEError('the key is unknown')
    return key.publicKey
  }

  async function verify (text: string): Promise<AccessTokenClaims | undefined> {
    try {
      const { payload } = await jwtVerify<AccessTokenClaims>(text, findKey, {
        issuer, typ: accessTokenType, algorithms: [...algorithms], requiredClaims: [...claimNames], currentDate: new Date(clock.now())
      })
      return payload
    } catch (error) {
      if (error instanceof JOSEError) return undefined
      throw error
    }
  }

  fastify.decorate('accessTokens', {
    issuer,
    audiences: [...new Set([issuer, ...jwt.audiences])],
    async sign ({ id, userId, startedAt, expiresAt }, audience) {
      const user = await findUser(db, userId)
      if (user === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
      const { id: kid, algorithm, privateKey } = signingKeys.signer()
      const issuedAt = Math.floor(clock.now() / 1000)
      const expiresIn = Math.min(jwt.ttlSeconds, Math.floor(expiresAt / 1000) - issuedAt)
      const claims: AccessTokenClaims = {
        iss: issuer,
        sub: String(userId),
        aud: audience,
        exp: issuedAt + expiresIn,
        iat: issuedAt,
        jti: takeRandomBytes(16).toString('base64url'),
        sid: String(id),
        auth_time: Math.floor(startedAt / 1000),
        amr: ['sms'],
        client_id: clientId,
        is_test: user.is_test
      }
      const extra = jwt.claims === undefined
        ? {}
        : fillClaims(jwt.claims, { user_id: claims.sub, session_id: claims.sid, phone_number: user.phone_number, name: user.name })
      const token = await new SignJWT({ ...extra, ...claims }).setProtectedHeader({ alg: algorithm, typ: accessTokenType, kid }).sign(privateKey)
      return { token, expiresIn }
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
