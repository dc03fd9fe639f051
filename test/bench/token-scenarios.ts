import { bearer, bareRouteOf, connections, signedIn, type Ceiling, type Scenario } from './scenarios.ts'
import { fire } from './load.ts'
import { resourceServer, type Stage } from './stage.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const { name, secret, audience } = resourceServer
const basic = { authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` }

const exchange = (token: string) => new URLSearchParams({
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token: token,
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  audience
}).toString()

/** A question about each token. */
const questions = (path: string, tokens: readonly string[]) => tokens.map((token) => ({
  method: 'POST' as const, path, headers: { ...form, ...basic }, body: `token=${token}&token_type_hint=access_token`
}))

async function fetchOk (url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response
}

/** Forward authentication, introspection and the exchange of tokens. The auth check is their ceiling, since it looks up the same row. */
export function createTokenScenarios (stage: Stage): Scenario[] {
  const { service: { url }, bare, oidc, users, processes } = stage
  let jwts: string[] = []
  let bareJwts: string[] = []
  let peerTokens: string[] = []

  const authCheck: Ceiling = {
    name: 'auth check',
    processes: processes.service,
    run: async (seconds) => await fire({ url, connections, seconds, inTurn: signedIn(users, '/protected') })
  }
  const peer: Ceiling = {
    name: 'oidc-provider, opaque token',
    processes: processes.oidc,
    run: async (seconds) => await fire({ url: oidc.url, connections, seconds, inTurn: questions('/token/introspection', peerTokens) })
  }
  const bareVerify: Ceiling = {
    name: 'bare route, one ES256 check',
    processes: processes.bare,
    run: async (seconds) => await fire({ url: bare.url, connections, seconds, inTurn: bareJwts.map((token) => ({ path: '/jwt/verify', headers: bearer({ token }) })) })
  }
  const bareSign = bareRouteOf(stage, 'bare route, one ES256 signature', '/jwt/sign')

  const introspectOpaque = {
    processes: processes.service,
    run: async (seconds: number) => await fire({ url, connections, seconds, inTurn: questions('/introspect', users.map(({ token }) => token)) })
  }

  return [
    {
      name: 'forward-auth',
      processes: processes.service,
      ceiling: authCheck,
      run: async (seconds) => await fire({ url, connections, seconds, inTurn: signedIn(users, '/forward-auth') })
    },
    { ...introspectOpaque, name: 'introspection, opaque', ceiling: authCheck },
    {
      ...introspectOpaque,
      name: 'introspection, peer',
      ceiling: peer,
      prepare: async () => { peerTokens = await (await fetchOk(`${oidc.url}/tokens`)).json() as string[] }
    },
    {
      name: 'introspection, JWT',
      processes: processes.service,
      ceiling: bareVerify,
      async prepare () {
        jwts = await Promise.all(users.slice(0, connections).map(async ({ token }) => {
          const response = await fetchOk(`${url}/token`, { method: 'POST', headers: form, body: exchange(token) })
          return (await response.json() as { access_token: string }).access_token
        }))
        bareJwts = await Promise.all(jwts.map(async () => await (await fetchOk(`${bare.url}/jwt/sign`)).text()))
      },
      run: async (seconds) => await fire({ url, connections, seconds, inTurn: questions('/introspect', jwts) })
    },
    {
      name: 'token exchange',
      processes: processes.service,
      ceiling: bareSign,
      run: async (seconds) => await fire({
        url, connections, seconds, inTurn: users.map(({ token }) => ({ method: 'POST', path: '/token', headers: form, body: exchange(token) }))
      })
    }
  ]
}
