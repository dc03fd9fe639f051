import t from 'tap'
import { isPromptRefusal } from '../../support/outage.ts'
import { until } from '../../support/polling.ts'
import { call, signUpAt, startOwnService } from '../../support/program.ts'
import { spyOnPostgres } from '../../support/connection-spy.ts'
import { basicCredentials } from '../../support/oauth.ts'

const secret = 's'.repeat(32)
const { proxy, env } = await spyOnPostgres(t)
const { url } = await startOwnService(t, { ...env, JWT_AUDIENCES: 'orders', RESOURCE_SERVERS: `orders:${secret}:orders` })
const headers = await signUpAt(url)
const form = new URLSearchParams({ token: headers.authorization.replace('Bearer ', '') })

const requests = {
  'forward-auth': async () => await call(`${url}/forward-auth`, { headers }),
  'forward-auth with an audience': async () => await call(`${url}/forward-auth/path?audience=orders`, { headers }),
  introspection: async () => await call(`${url}/introspect`, { form, headers: { authorization: basicCredentials('orders', secret) } }),
  revocation: async () => await call(`${url}/revoke`, { form })
}

for (const [fault, begin] of [['is unreachable', proxy.cut], ['is frozen', async () => { proxy.freeze() }]] as const) {
  t.test(`while PostgreSQL ${fault}, tokens are neither accepted nor refused but answered with 503 within the deadline`, async (t) => {
    await begin()
    const answers = await Promise.all(Object.entries(requests).map(async ([title, send]) => [title, await send()] as const))
    for (const [title, answer] of answers) {
      isPromptRefusal(t, answer, title)
      if (/introspection|revocation/.test(title)) t.match(answer.body, { error: 'temporarily_unavailable', error_description: /./ }, title)
    }
    await proxy.restore()
    await until('the service has recovered', async () => (await requests['introspection']()).body['active'] === true)
  })
}
