import type { FastifyInstance, InjectOptions } from 'fastify'

export const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
/** A resource server that the tests configure in JWT_AUDIENCES. */
export const audience = 'https://orders.example.com'

/** Returns the request that exchanges the token of a session. A field of `undefined` is left out. */
export function exchangeRequest (token: string, fields: Record<string, string | undefined> = {}) {
  const form = { grant_type: grantType, subject_token: token, subject_token_type: accessTokenType, audience, ...fields }
  const given = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return {
    method: 'POST',
    url: '/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(given).toString()
  } satisfies InjectOptions
}

/** Exchanges the token of a session for a JWT. By default the JWT is for the service itself. */
export async function getJwt (app: FastifyInstance, token: string, to: string = app.accessTokens.issuer): Promise<string> {
  const { statusCode, body } = await app.inject(exchangeRequest(token, { audience: to }))
  if (statusCode !== 200) throw new Error(`the exchange failed: ${statusCode} ${body}`)
  return (JSON.parse(body) as { access_token: string }).access_token
}

/** Sends a request with a bearer token, and returns its status. */
export async function statusOf (app: FastifyInstance, token: string, url = '/protected', method: 'GET' | 'HEAD' | 'POST' | 'DELETE' = 'GET'): Promise<number> {
  return (await app.inject({ method, url, headers: { authorization: `Bearer ${token}` } })).statusCode
}
