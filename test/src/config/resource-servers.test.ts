import t from 'tap'
import { loadConfig } from '../../../src/config/index.ts'
import { findProblems } from '../../support/config-problems.ts'

const secret = 's'.repeat(32)

t.test('RESOURCE_SERVERS lists services with their secrets and audiences', async (t) => {
  const { jwt } = loadConfig({
    RESOURCE_SERVERS: `orders:${secret}:https://orders.example.com:8443/api, pay.v1_a-b:~${secret}%+/=:payments,,self:${secret}:https://login.example.com`,
    JWT_AUDIENCES: 'https://orders.example.com:8443/api,payments',
    PUBLIC_URL: 'https://login.example.com/'
  })
  t.same(jwt.resourceServers, [
    { name: 'orders', secret, audience: 'https://orders.example.com:8443/api' },
    { name: 'pay.v1_a-b', secret: `~${secret}%+/=`, audience: 'payments' },
    { name: 'self', secret, audience: 'https://login.example.com' }
  ])
})

t.test('every malformed entry is named without its secret', async (t) => {
  const cases: Record<string, RegExp> = {
    orders: /entry 1 is not of the form name:secret:audience$/,
    [`orders:${secret}`]: /entry 1 is not of the form/,
    [`orders:${secret}:`]: /entry 1 is not of the form/,
    [`:${secret}:payments`]: /entry 1 needs a name of 1 to 64 letters/,
    [`or ders:${secret}:payments`]: /entry 1 needs a name/,
    [`${'a'.repeat(65)}:${secret}:payments`]: /entry 1 needs a name/,
    [`orders:${secret.slice(1)}:payments`]: /orders needs a secret of 32 characters or more$/,
    [`orders:${secret} x:payments`]: /orders has a secret with characters other than visible ASCII$/,
    [`orders:${secret}é:payments`]: /orders has a secret with characters other than visible ASCII$/,
    [`orders:${secret}:payments,orders:${secret}:payments`]: /orders is listed twice$/,
    [`orders:${secret}:other`]: /orders has the audience other, which is neither in JWT_AUDIENCES nor PUBLIC_URL$/,
    [`orders:${secret}:http://127.0.0.1:4001`]: /orders has the audience http:\/\/127\.0\.0\.1:4001, which/
  }
  for (const [text, problem] of Object.entries(cases)) {
    const problems = findProblems({ RESOURCE_SERVERS: text, JWT_AUDIENCES: 'payments' })
    t.equal(problems.length, 1, text)
    t.match(problems[0], new RegExp(`^RESOURCE_SERVERS: .*${problem.source}`), text)
    t.notMatch(problems[0], 'sssss', 'the secret is not repeated')
  }
  t.same(findProblems({ RESOURCE_SERVERS: `orders:${secret}:payments`, PUBLIC_URL: 'x' }).length, 1, 'audiences are not compared with a malformed address')
})
