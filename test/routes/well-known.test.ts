import Fastify from 'fastify'
import t from 'tap'
import { wellKnown } from '../../src/http/server-metadata.ts'
import { build } from '../support/helper.ts'

t.test('the key set can be cached for five minutes, and has an entity tag and no private part', async (t) => {
  const app = await build(t)
  const reply = await app.inject('/.well-known/jwks.json')
  t.equal(reply.headers['cache-control'], 'public, max-age=300')
  t.match(reply.headers['content-type'], 'application/json')
  const { keys } = reply.json<{ keys: Array<Record<string, string>> }>()
  t.match(keys, [{ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256', kid: /^[\w-]{43}$/ }])
  t.same(Object.keys(keys[0] ?? {}).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  const etag = String(reply.headers.etag)
  const again = await app.inject({ url: '/.well-known/jwks.json', headers: { 'if-none-match': etag } })
  t.match([again.statusCode, again.body, again.headers.etag, again.headers['cache-control']], [304, '', etag, 'public, max-age=300'])
  const other = await build(t, { env: { JWT_ALGORITHM: 'EdDSA' } })
  const changed = await other.inject({ url: '/.well-known/jwks.json', headers: { 'if-none-match': etag } })
  t.equal(changed.statusCode, 200)
  t.match(changed.json(), { keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' }] })
})

t.test('the metadata names the endpoints below PUBLIC_URL', async (t) => {
  const app = await build(t, { env: { PUBLIC_URL: 'https://example.com/login/' } })
  const reply = await app.inject('/.well-known/oauth-authorization-server')
  t.equal(reply.headers['cache-control'], 'public, max-age=300')
  t.same(reply.json(), {
    issuer: 'https://example.com/login',
    token_endpoint: 'https://example.com/login/token',
    jwks_uri: 'https://example.com/login/.well-known/jwks.json',
    introspection_endpoint: 'https://example.com/login/introspect',
    revocation_endpoint: 'https://example.com/login/revoke',
    response_types_supported: [],
    grant_types_supported: ['urn:ietf:params:oauth:grant-type:token-exchange'],
    token_endpoint_auth_methods_supported: ['none'],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
    revocation_endpoint_auth_methods_supported: ['none'],
    service_documentation: 'https://example.com/login/docs'
  })
  const atHost = await app.inject('/.well-known/oauth-authorization-server/login')
  t.match([atHost.statusCode, atHost.body, atHost.headers['cache-control']], [200, reply.body, 'public, max-age=300'])
})

t.test('the root of a host serves the metadata before the path of PUBLIC_URL', async (t) => {
  const service = await build(t, { env: { PUBLIC_URL: 'https://example.com/login' } })
  const metadata = (await service.inject('/.well-known/oauth-authorization-server')).json<Record<string, unknown>>()
  for (const [publicUrl, path] of [
    ['https://example.com/login', '/.well-known/oauth-authorization-server/login'],
    ['https://example.com/login/', '/.well-known/oauth-authorization-server/login']
  ] as const) {
    const host = Fastify()
    t.teardown(async () => { await host.close() })
    await host.register(wellKnown, { publicUrl })
    const reply = await host.inject(path)
    t.same(reply.json(), metadata, publicUrl)
    t.equal(reply.headers['cache-control'], 'public, max-age=300')
  }
  const host = Fastify()
  t.teardown(async () => { await host.close() })
  await host.register(wellKnown, { publicUrl: 'https://example.com' })
  t.match((await host.inject('/.well-known/oauth-authorization-server')).json(), { issuer: 'https://example.com' })
})
