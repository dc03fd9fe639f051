import t from 'tap'
import { build, signUp } from '../support/helper.ts'

t.test('415 names the types that the route reads', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  const cases: Array<['POST' | 'PATCH' | 'PUT', string, Record<string, string>]> = [
    ['POST', '/login', { 'accept-post': 'application/json' }],
    ['POST', '/token', { 'accept-post': 'application/x-www-form-urlencoded' }],
    ['POST', '/upload-creative', { 'accept-post': 'multipart/form-data' }],
    ['PATCH', '/me', { 'accept-patch': 'application/json' }]
  ]
  for (const [method, url, headers] of cases) {
    const reply = await app.inject({ method, url, headers: { authorization, 'content-type': 'text/csv' }, payload: 'a,b' })
    t.equal(reply.statusCode, 415, url)
    t.match(reply.headers, headers, url)
  }
})
