import t from 'tap'
import { describeAddress } from '../../../src/http/logged-address.ts'

type Request = Parameters<typeof describeAddress>[0]
const describe = (url: string, route?: string) => describeAddress({ method: 'POST', url, routeOptions: { url: route } } as unknown as Request)

t.test('a known address is logged as its template', async (t) => {
  t.same(describe('/deliveries/x5Zk0yB3mQhW2vTn8sLdRg', '/deliveries/:id'), { method: 'POST', route: '/deliveries/:id' })
})

t.test('an unknown address shows the mistake and no secret', async (t) => {
  const cases: Array<[string, string]> = [
    ['/singup', '/singup'],
    ['/singup?phone=%2B918123456789', '/singup'],
    ['/Upload-Creative/', '/Upload-Creative/'],
    ['/delivery/x5Zk0yB3mQhW2vTn8sLdRg', '/delivery/*'],
    ['/users/+918123456789/code', '/users/*/code'],
    ['/users/%2B918123456789', '/users/*'],
    ['/calendar.ics;key=abc', '/calendar.ics'],
    [`/${'a'.repeat(25)}`, '/*'],
    ['/name\u202e', '/*'],
    [`/${'ab/'.repeat(5000)}`, `/${'ab/'.repeat(33)}`],
    ['*', '*']
  ]
  for (const [url, route] of cases) t.equal(describe(url).route, route, url.slice(0, 50))
})
