import {
  allowInsecureRequests, ClientSecretBasic, discoveryRequest, introspectionRequest, None, processDiscoveryResponse,
  processIntrospectionResponse, processRevocationResponse, revocationRequest, WWWAuthenticateChallengeError
} from 'oauth4webapi'
import t from 'tap'
import { build, signUp } from '../support/helper.ts'
import { getJwt } from '../support/jwts.ts'
import { freePort } from '../support/services/redis.ts'

/* Introspection and revocation by oauth4webapi, a client of another author. */
const secret = 'a+b%20c/d=e&f?g;h!ijklmnopqrstuvw'
const port = await freePort()
const issuer = new URL(`http://127.0.0.1:${port}`)
const app = await build(t, { env: { PUBLIC_URL: issuer.origin, RESOURCE_SERVERS: `orders:${secret}:orders`, JWT_AUDIENCES: 'orders,payments' } })
await app.listen({ host: '127.0.0.1', port })
const insecure = { [allowInsecureRequests]: true }
const server = await processDiscoveryResponse(issuer, await discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }))
const client = { client_id: 'orders' }

const introspect = async (token: string, key = secret) => await processIntrospectionResponse(server, client,
  await introspectionRequest(server, client, ClientSecretBasic(key), token, insecure))
const revoke = async (token: string) => { await processRevocationResponse(await revocationRequest(server, client, None(), token, insecure)) }

t.test('introspection and revocation work with oauth4webapi', async (t) => {
  const { token, userId } = await signUp(app)
  const jwt = await getJwt(app, token, 'orders')
  t.match(await introspect(token), { active: true, sub: String(userId), token_type: 'Bearer', client_id: 'cheershare', iss: issuer.origin })
  t.match(await introspect(jwt), { active: true, sub: String(userId), aud: 'orders' })
  t.match(await introspect(await getJwt(app, token, 'payments')), { active: false })
  t.match(await revoke(jwt).catch((error: unknown) => error), { error: 'unsupported_token_type', status: 400 })
  await revoke(token)
  await revoke(token)
  t.same([await introspect(token), await introspect(jwt)], [{ active: false }, { active: false }])
})

t.test('a wrong secret is a challenge for oauth4webapi', async (t) => {
  const error = await introspect('x', 'y'.repeat(32)).catch((error: unknown) => error)
  t.ok(error instanceof WWWAuthenticateChallengeError)
  t.match(error, { status: 401, cause: [{ scheme: 'basic', parameters: { realm: 'resource servers' } }] })
})
