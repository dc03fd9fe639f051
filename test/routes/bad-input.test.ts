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

/** A Redis database that no other test writes to, so that the test can list its keys. */
const redisUrl = new URL('/11', serviceUrl('TEST_REDIS_URL')).href

const app = await build(t, { env: { REDIS_URL: redisUrl } })
const session = await signUp(app)
const { authorization } = session
const before = await tracesOf(app)

type Refusal = Pick<BadRequest, 'status' | 'code' | 'says' | 'allow'>

/** Checks that an error response has the form that the error catalogue defines. */
function assertRefused (t: Test, response: LightMyRequestResponse, { status, code, says, allow }: Refusal): void {
  t.equal(response.statusCode, status)
  t.equal(response.headers['content-type'], 'application/json; charset=utf-8')
  // A request that Fastify cannot route does not reach the hooks.
  if (code !== 'CHR_BAD_REQUEST') t.equal(response.headers['cache-control'], 'no-store')
  t.equal(response.headers['www-authenticate'], code === 'CHR_UNAUTHENTICATED' ? 'Bearer' : undefined)
  t.equal(response.headers.allow, allow)
  // An error response to HEAD has no body.
  if (response.raw.req.method === 'HEAD') return
  const { details: _details, ...body } = response.json<Record<string, string>>()
  t.match(body, { error: says ?? /\w/, code, request_id: /^\S+$/ })
  t.same(Object.keys(body), ['error', 'code', 'request_id'])
  t.equal(catalogue[code].statusCode, status)
}

async function testRefusals (t: Test, rows: readonly BadRequest[], headers: InjectOptions['headers'] = {}): Promise<void> {
  for (const { title, request, ...refusal } of rows) {
    await t.test(title, async (t) => {
      assertRefused(t, await app.inject({ ...request, headers: { ...headers, ...request.headers } }), refusal)
    })
  }
}

t.test('an invalid body is refused with a message that names the problem', async (t) => { await testRefusals(t, badBodies) })
t.test('a body that is too large or has another content type is refused', async (t) => { await testRefusals(t, badEnvelopes) })
t.test('an unknown URL answers 404, and an unsupported method 405 with Allow', async (t) => { await testRefusals(t, badAddresses) })
t.test(
  'every route that takes a phone number refuses invalid numbers and numbers that cannot receive SMS',
  async (t) => { await testRefusals(t, badNumbers) }
)
t.test('a malformed Authorization header is refused', async (t) => { await testRefusals(t, badAuthorizations(session.token)) })
t.test('an invalid query or path parameter is refused', async (t) => { await testRefusals(t, badQueries, { authorization }) })

t.test('an upload that is malformed, incomplete or too large, is not an image or has an invalid date is refused', async (t) => {
  for (const { title, payload, type, ...refusal } of badUploads) {
    await t.test(title, async (t) => {
      const headers = { authorization, 'content-type': type }
      assertRefused(t, await app.inject({ method: 'POST', url: '/upload-creative', headers, payload }), refusal)
    })
  }
})

t.test('two Authorization headers are refused, even with the same valid token', async (t) => {
  const port = await listen(app)
  const line = `Authorization: ${authorization}\r\n`
  const getProtected = async (lines: string) => await exchange(
    port, `GET /protected HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines}\r\n`
  )
  t.equal((await getProtected(line)).status, 200)
  for (const lines of [line + line, `${line}Authorization: Bearer ${'A'.repeat(26)}\r\n`, `Authorization: \r\n${line}`]) {
    const { status, body } = await getProtected(lines)
    t.equal(status, 401)
    t.match(JSON.parse(body), { code: 'CHR_UNAUTHENTICATED' })
  }
})

t.test('the refused requests leave no row, file, Redis key or SMS', async (t) => {
  t.same(await tracesOf(app), before)
  t.match(before, { users: 1, tokens: 1, creatives: 0, files: [], messages: 1 })
})

t.test('values at the limits of what is allowed are accepted', async (t) => {
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
