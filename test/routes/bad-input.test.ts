import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import { catalogue } from '../../src/http/errors.ts'
import { formOf, creativeForm } from '../support/forms.ts'
import { badUploads } from '../fixtures/bad-uploads.ts'
import {
  badAddresses, badAuthorizations, badBodies, badEnvelopes, badNumbers, badQueries, bodyLimitBytes, type BadRequest
} from '../fixtures/bad-requests.ts'
import { serviceUrl } from '../support/databases.ts'
import { build, createPhone, postJson, signUp } from '../support/helper.ts'
import { exchange, listen } from '../support/sockets.ts'
import { tracesOf } from '../support/traces.ts'

/** A database of Redis that no other test writes to, so that its keys can be listed. */
const redisUrl = new URL('/11', serviceUrl('TEST_REDIS_URL')).href

const app = await build(t, { env: { REDIS_URL: redisUrl } })
const session = await signUp(app)
const { authorization } = session
const before = await tracesOf(app)

type Refusal = Pick<BadRequest, 'status' | 'code' | 'says' | 'allow'>

/** Every refusal has the catalogue's form, whoever raised it. */
function isRefused (t: Test, response: LightMyRequestResponse, { status, code, says, allow }: Refusal): void {
  t.equal(response.statusCode, status)
  t.equal(response.headers['content-type'], 'application/json; charset=utf-8')
  // What Fastify cannot route never reaches the hooks.
  if (code !== 'CHR_BAD_REQUEST') t.equal(response.headers['cache-control'], 'no-store')
  t.equal(response.headers['www-authenticate'], code === 'CHR_UNAUTHENTICATED' ? 'Bearer' : undefined)
  t.equal(response.headers.allow, allow)
  // A refusal to HEAD has no body.
  if (response.raw.req.method === 'HEAD') return
  const { details: _details, ...body } = response.json<Record<string, string>>()
  t.match(body, { error: says ?? /\w/, code, request_id: /^\S+$/ })
  t.same(Object.keys(body), ['error', 'code', 'request_id'])
  t.equal(catalogue[code].statusCode, status)
}

async function refuses (t: Test, rows: readonly BadRequest[], headers: InjectOptions['headers'] = {}): Promise<void> {
  for (const { title, request, ...refusal } of rows) {
    await t.test(title, async (t) => {
      isRefused(t, await app.inject({ ...request, headers: { ...headers, ...request.headers } }), refusal)
    })
  }
}

t.test('a body that is not what the route takes is refused, and says what is wrong', async (t) => { await refuses(t, badBodies) })
t.test('a body too large or of another type is refused', async (t) => { await refuses(t, badEnvelopes) })
t.test('an unknown address answers 404, a known one 405 with Allow', async (t) => { await refuses(t, badAddresses) })
t.test('what is no number, or none that can receive SMS, is refused by every route that takes one', async (t) => { await refuses(t, badNumbers) })
t.test('a malformed Authorization header is refused', async (t) => { await refuses(t, badAuthorizations(session.token)) })
t.test('a query or path that is not what the route takes is refused', async (t) => { await refuses(t, badQueries, { authorization }) })

t.test('an upload that is broken, incomplete, too large, no image or for no possible date is refused', async (t) => {
  for (const { title, payload, type, ...refusal } of badUploads) {
    await t.test(title, async (t) => {
      const headers = { authorization, 'content-type': type }
      isRefused(t, await app.inject({ method: 'POST', url: '/upload-creative', headers, payload }), refusal)
    })
  }
})

t.test('two Authorization headers are refused, even with the same good token', async (t) => {
  const port = await listen(app)
  const line = `Authorization: ${authorization}\r\n`
  const ask = async (lines: string) => await exchange(port, `GET /protected HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines}\r\n`)
  t.equal((await ask(line)).status, 200)
  for (const lines of [line + line, `${line}Authorization: Bearer ${'A'.repeat(26)}\r\n`, `Authorization: \r\n${line}`]) {
    const { status, body } = await ask(lines)
    t.equal(status, 401)
    t.match(JSON.parse(body), { code: 'CHR_UNAUTHENTICATED' })
  }
})

t.test('none of it left a row, a file, a key or an SMS', async (t) => {
  t.same(await tracesOf(app), before)
  t.match(before, { users: 1, tokens: 1, creatives: 0, files: [], messages: 1 })
})

t.test('what is just good enough is taken', async (t) => {
  const person = JSON.stringify({ name: 'Asha', phone_number: createPhone() })
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  const response = await app.inject({ method: 'POST', url: '/signup/', headers, payload: person.padEnd(bodyLimitBytes) })
  t.equal(response.statusCode, 200)
  t.equal((await postJson(app, '/signup', { name: ` ${'ß'.repeat(100)} `, phone_number: createPhone() })).status, 200)
  t.equal((await postJson(app, '/login', { phone_number: createPhone().replace('+91', '0091 (').replace(/(\d{5})$/, ')-$1') })).status, 200)
  const upload = { method: 'POST', url: '/upload-creative', payload: formOf(creativeForm()) } as const
  const quoted = 'multipart/form-data; charset=utf-8; boundary="cheershare-boundary"'
  t.equal((await app.inject({ ...upload, headers: { authorization, 'content-type': quoted } })).statusCode, 200)
})
