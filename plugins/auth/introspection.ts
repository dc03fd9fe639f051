import type { Static } from '@sinclair/typebox'
import fp from 'fastify-plugin'
import { findHolders } from '../../db/users.ts'
import { claimNames, clientId } from '../../src/domain/auth/access-token-claims.ts'
import { jwtPattern } from '../../src/domain/auth/token.ts'
import { memoize } from '../../src/domain/memoize.ts'
import { createBatchQueue } from '../../src/process/batch-queue.ts'
import type { IntrospectionReply } from '../../src/schemas/oauth.ts'

export type Introspection = Static<typeof IntrospectionReply>

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Returns the state of a token for a resource server with this audience (RFC 7662). It is read from the database, so a session
     * that has ended is inactive at once. The token of a session counts as used, since its holder has just shown it to the
     * server; a JWT does not.
     * @throws {UnavailableError}
     */
    introspect (token: string, audience: string): Promise<Introspection>
  }
}

const inactive: Introspection = { active: false }
/** Bounds the memory of the cache. */
const maximumUsers = 10_000

/** Adds the function behind `POST /introspect`. */
export default fp(async (fastify) => {
  const { db, tokens, accessTokens } = fastify
  const { issuer } = accessTokens

  /** Whether users are of a test number. That never changes, so it need not be read with each token. */
  const testAccounts = memoize<boolean | undefined>(() => undefined, maximumUsers)
  const loadIsTest = createBatchQueue<number, boolean>({
    async run (userIds) {
      const holders = await findHolders(db, userIds)
      const found = holders.map((holder) => holder?.is_test === true)
      userIds.forEach((userId, index) => testAccounts.prime(String(userId), found[index]))
      return found
    }
  })

  async function introspectSession (token: string): Promise<Introspection> {
    const session = await tokens.findSession(token)
    if (session === undefined) return inactive
    const { id, userId, startedAt, expiresAt } = session
    const sub = String(userId)
    const startedSecond = Math.floor(startedAt / 1000)
    return {
      active: true,
      iss: issuer,
      sub,
      aud: issuer,
      exp: Math.floor(expiresAt / 1000),
      iat: startedSecond,
      sid: String(id),
      auth_time: startedSecond,
      amr: ['sms'],
      client_id: clientId,
      token_type: 'Bearer',
      is_test: testAccounts(sub) ?? await loadIsTest(userId)
    }
  }

  async function introspectJwt (token: string, audience: string): Promise<Introspection> {
    const claims = await accessTokens.verify(token)
    if (claims?.aud !== audience) return inactive
    const session = await tokens.findSessionById(Number(claims.sid))
    if (session?.userId !== Number(claims.sub)) return inactive
    // Claims of JWT_CLAIMS are for verifiers that know no session.
    return { active: true, ...Object.fromEntries(claimNames.map((name) => [name, claims[name]])), token_type: 'Bearer' }
  }

  fastify.decorate('introspect', (token, audience) => jwtPattern.test(token) ? introspectJwt(token, audience) : introspectSession(token))
}, { name: 'introspection', dependencies: ['postgres', 'tokens', 'access-tokens'], fastify: '5.x' })
