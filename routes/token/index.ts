import type { FastifyPluginAsyncTypebox, Static } from '@fastify/type-provider-typebox'
import { ApiError } from '../../src/http/errors.ts'
import { acceptForms } from '../../src/http/form-body.ts'
import { TokenBody, tokenExchange, TokenReply } from '../../src/schemas/oauth.ts'

const tokenRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accessTokens } = fastify
  acceptForms(fastify)

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
      failures: ['CHR_GRANT_UNSUPPORTED', 'CHR_AUDIENCE_UNKNOWN', 'CHR_SCOPE_UNKNOWN', 'CHR_SUBJECT_TOKEN_INVALID'],
      response: { 200: TokenReply }
    }
  }, async ({ body }) => {
    checkExchange(body)
    const { token, expiresIn } = await accessTokens.exchange(body.subject_token, body.audience)
    return {
      access_token: token, issued_token_type: tokenExchange.accessToken, token_type: 'Bearer' as const, expires_in: expiresIn
    }
  })
}

/** @throws {ApiError} for an exchange that the service does not offer; to ignore such a parameter would give more than was asked for */
function checkExchange (body: Static<typeof TokenBody>): void {
  if (body.grant_type !== tokenExchange.grant) throw new ApiError('CHR_GRANT_UNSUPPORTED')
  for (const name of ['subject_token_type', 'requested_token_type'] as const) {
    const { [name]: type = tokenExchange.accessToken } = body
    if (type !== tokenExchange.accessToken) throw new ApiError('CHR_VALIDATION', { message: `${name} is not ${tokenExchange.accessToken}` })
  }
  if (body.actor_token !== undefined) throw new ApiError('CHR_VALIDATION', { message: 'actor_token is not supported: there is no delegation' })
  if (body.scope !== undefined) throw new ApiError('CHR_SCOPE_UNKNOWN')
  if (body.resource !== undefined) throw new ApiError('CHR_AUDIENCE_UNKNOWN', { message: 'Name the service by audience, not by resource.' })
}

export default tokenRoute
