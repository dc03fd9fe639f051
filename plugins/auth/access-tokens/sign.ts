import { SignJWT } from 'jose'
import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Session } from '../../../db/tokens.ts'
import { findHolders } from '../../../db/users.ts'
import type { JwtConfig } from '../../../src/config/jwt.ts'
import { accessTokenType, clientId, type AccessTokenClaims } from '../../../src/domain/auth/access-token-claims.ts'
import { fillClaims } from '../../../src/domain/auth/jwt-claims.ts'
import { takeRandomBytes } from '../../../src/domain/auth/random.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { createBatchQueue } from '../../../src/process/batch-queue.ts'
import type { Clock } from '../../../src/process/clock.ts'
import type { SigningKeys } from '../signing-keys/index.ts'

export interface SignerOptions {
  issuer: string
  config: JwtConfig
  db: Kysely<Database>
  clock: Clock
  signingKeys: SigningKeys
}

/** Creates a function that signs a JWT for a session and an audience. Concurrent calls share the query for their users. */
export function createSigner (
  { issuer, config, db, clock, signingKeys }: SignerOptions
): (session: Session, audience: string) => Promise<{ token: string, expiresIn: number }> {
  const findHolder = createBatchQueue({ run: async (ids: readonly number[]) => await findHolders(db, ids) })

  return async ({ id, userId, startedAt, expiresAt }, audience) => {
    const user = await findHolder(userId)
    const issuedAt = Math.floor(clock.now() / 1000)
    const expiresIn = Math.min(config.ttlSeconds, Math.floor(expiresAt / 1000) - issuedAt)
    // The account was deleted, or the session ended, since the session was looked up.
    if (user === undefined || expiresIn <= 0) throw new ApiError('CHR_UNAUTHENTICATED')
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
    const extra = config.claims === undefined
      ? {}
      : fillClaims(config.claims, { user_id: claims.sub, session_id: claims.sid, phone_number: user.phone_number, name: user.name })
    const { id: kid, algorithm, privateKey } = signingKeys.signer()
    const token = await new SignJWT({ ...extra, ...claims }).setProtectedHeader({ alg: algorithm, typ: accessTokenType, kid }).sign(privateKey)
    return { token, expiresIn }
  }
}
