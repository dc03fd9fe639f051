import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import t, { type Test } from 'tap'
import { spyOnPostgres } from '../support/connection-spy.ts'
import { build, signUp } from '../support/helper.ts'
import { accessTokenType, audience, exchangeRequest, getJwt, grantType, statusOf } from '../support/jwts.ts'
import { until } from '../support/polling.ts'
import { freePort } from '../support/services/redis.ts'

/** Starts a service that listens at its PUBLIC_URL. */
async function listen (t: Test, env: Record<string, string> = {}) {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const app = await build(t, { env: { JWT_AUDIENCES: audience, PUBLIC_URL: issuer, ...env } })
  await app.listen({ host: '127.0.0.1', port })
  return { app, issuer }
}

for (const algorithm of ['ES256', 'EdDSA']) {
  t.test(`a resource server verifies a JWT by ${algorithm} with the published keys`, async (t) => {
    const { app, issuer } = await listen(t, { JWT_ALGORITHM: algorithm })
    const { token, userId } = await signUp(app)
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
    const options = { issuer, audience, typ: 'at+jwt', algorithms: [algorithm] }
    const { payload } = await jwtVerify(await getJwt(app, token, audience), keys, options)
    t.equal(payload.sub, String(userId))
    await t.rejects(jwtVerify(await getJwt(app, token), keys, options), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'aud' })
    await t.rejects(jwtVerify(token, keys, options), { code: 'ERR_JWS_INVALID' }, 'the token of a session is no JWT')
  })
}

t.test('an OAuth client discovers the service, exchanges a token and validates the JWT', async (t) => {
  const { app, issuer } = await listen(t)
  const { token } = await signUp(app)
  const insecure = { [oauth.allowInsecureRequests]: true }
  const url = new URL(issuer)
  const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { ...insecure, algorithm: 'oauth2' }))
  const client = { client_id: 'web' }
  const request = async (fields: Record<string, string>) => await oauth.genericTokenEndpointRequest(server, client, oauth.None(), grantType, {
    subject_token: token, subject_token_type: accessTokenType, ...fields
  }, insecure)
  const result = await oauth.processGenericTokenEndpointResponse(server, client, await request({ audience }))
  t.match(result, { token_type: 'bearer', expires_in: 300, issued_token_type: accessTokenType })
  const received = new Request('https://orders.example.com', { headers: { authorization: `Bearer ${result.access_token}` } })
  t.match(await oauth.validateJwtAccessToken(server, received, audience, insecure), { iss: issuer, aud: audience, client_id: 'cheershare' })
  await t.rejects(oauth.processGenericTokenEndpointResponse(server, client, await request({ audience: 'x' })), {
    name: 'ResponseBodyError', error: 'invalid_target', status: 400
  })
})

t.test('with PUBLIC_URL below a path a client finds the metadata at the host', async (t) => {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}/login`
  const app = await build(t, { env: { PUBLIC_URL: issuer } })
  await app.listen({ host: '127.0.0.1', port })
  const response = await oauth.discoveryRequest(new URL(issuer), { [oauth.allowInsecureRequests]: true, algorithm: 'oauth2' })
  t.match(await oauth.processDiscoveryResponse(new URL(issuer), response), { issuer, token_endpoint: `${issuer}/token` })
})

t.test('without the database exchanges and JWTs get 503, and the keys stay published', async (t) => {
  const { proxy, env } = await spyOnPostgres(t)
  const app = await build(t, { env: { ...env, JWT_AUDIENCES: audience } })
  const { token } = await signUp(app)
  const jwt = await getJwt(app, token)
  const [, payload, signature] = jwt.split('.')
  const unknown = `${Buffer.from('{"alg":"ES256","typ":"at+jwt","kid":"unknown"}').toString('base64url')}.${payload}.${signature}`
  await proxy.cut()
  const exchange = await app.inject(exchangeRequest(token))
  t.equal(exchange.statusCode, 503)
  t.match(exchange.json(), { error: 'temporarily_unavailable', code: 'CHR_UNAVAILABLE' })
  t.match(exchange.headers['retry-after'], /^\d+$/)
  t.equal(await statusOf(app, jwt), 503)
  t.equal(await statusOf(app, unknown), 503, 'the key may be a new one')
  t.equal((await app.inject('/.well-known/jwks.json')).statusCode, 200)
  await proxy.restore()
  await until('JWTs are accepted again', async () => await statusOf(app, jwt) === 200)
})
