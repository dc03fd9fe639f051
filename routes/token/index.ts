import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApiError } from '../../src/http/errors.ts'
import { acceptForms } from '../../src/http/form-body.ts'
import { oauthFailures, TokenBody, tokenExchange, TokenReply } from '../../src/schemas/oauth.ts'

const tokenRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accessTokens, tokens } = fastify
  await acceptForms(fastify)

  /** @throws {ApiError} CHR_SUBJECT_TOKEN_INVALID, also for a JWT, which is never exchanged */
  async function findSession (token: string, type: string) {
    const session = type === tokenExchange.accessToken ? await tokens.findSession(token) : undefined
    if (session === undefined) throw new ApiError('CHR_SUBJECT_TOKEN_INVALID')
    return session
  }

  fastify.post('', {
    config: { errorForm: 'oauth' },
    schema: {
      operationId: 'exchangeToken',
      tags: ['tokens'],
      summary: 'Exchange the token of a session for a JWT',
      description:
        'OAuth token exchange (RFC 8693), as a form. The JWT is valid for minutes and for one audience, whose service verifies it with ' +
        'the keys of `/.well-known/jwks.json`. It counts as a use of the session.',
      consumes: ['application/x-www-form-urlencoded'],
      body: TokenBody,
      response: { 200: TokenReply, ...oauthFailures }
    }
  }, async ({ body }) => {
    if (body.grant_type !== tokenExchange.grant) throw new ApiError('CHR_GRANT_UNSUPPORTED')
    const { audience = accessTokens.issuer, requested_token_type: requested } = body
    if (requested !== undefined && requested !== tokenExchange.accessToken) {
      throw new ApiError('CHR_VALIDATION', { message: `requested_token_type is not ${tokenExchange.accessToken}` })
    }
    if (!accessTokens.audiences.includes(audience)) throw new ApiError('CHR_AUDIENCE_UNKNOWN')
    const session = await findSession(body.subject_token, body.subject_token_type)
    const { token, expiresIn } = await accessTokens.sign(session, audience)
    return {
      access_token: token, issued_token_type: tokenExchange.accessToken, token_type: 'Bearer' as const, expires_in: expiresIn
    }
  })
}

export default tokenRoute
