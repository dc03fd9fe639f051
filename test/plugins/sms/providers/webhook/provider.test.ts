import { randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { createPublicLookup } from '../../../../../plugins/sms/providers/webhook/public-lookup.ts'
import { createWebhookProvider, type WebhookOptions } from '../../../../../plugins/sms/providers/webhook/provider.ts'
import type { WebhookSettings } from '../../../../../plugins/sms/providers/webhook/settings.ts'
import { failureOf, checkNoSecrets, message, testSmsProvider } from '../../../../contracts/sms-provider.ts'
import { isSigned, openGateway } from '../../../../support/gateway.ts'
import { openFakeServer } from '../../../../support/fake-server.ts'
import { loadProviderSettings } from '../../../../support/provider-settings.ts'

const otherSecret = `whsec_${randomBytes(24).toString('base64')}`

function loadSettings (env: Record<string, string>): WebhookSettings {
  return loadProviderSettings('webhook', { SMS_PROVIDERS: 'webhook', SMS_WEBHOOK_SECRET: otherSecret, ...env })
}

function open (t: Test, env: Record<string, string>, options: Partial<WebhookOptions> = {}) {
  const settings = loadSettings({ SMS_WEBHOOK_ALLOW_PRIVATE: 'on', ...env })
  const provider = createWebhookProvider({ settings, now: Date.now, ...options })
  t.teardown(provider.close)
  return provider
}

/** Resolves every name to a public and a private address. */
const rebinding = createPublicLookup((_hostname, _options, callback) => callback(null, [
  { address: '8.8.8.8', family: 4 }, { address: '127.0.0.1', family: 4 }
]))

t.test('contract', async (t) => {
  testSmsProvider(t, async (t) => {
    const gateway = await openGateway(t)
    return {
      gateway,
      secrets: [gateway.secret, gateway.secret.slice(6)],
      open ({ url = gateway.url, timeoutMs, hasWrongCredentials = false } = {}) {
        const env = { SMS_WEBHOOK_URL: `${url}/sms`, SMS_WEBHOOK_SECRET: hasWrongCredentials ? otherSecret : gateway.secret }
        return open(t, env, timeoutMs === undefined ? {} : { timeoutMs })
      }
    }
  })
})

t.test('the gateway receives the message as signed JSON, with one id for all attempts', async (t) => {
  const gateway = await openGateway(t)
  const now = Date.UTC(2026, 10, 21, 9, 30, 0, 250)
  const provider = open(t, { SMS_WEBHOOK_URL: `${gateway.url}/v1/sms?queue=codes`, SMS_WEBHOOK_SECRET: gateway.secret })
  gateway.fail({ kind: 'refuse', status: 429, code: 99_999 })
  await failureOf(t, provider.send(message))
  t.equal(await provider.send(message), 'gateway-1')
  const [first, second] = gateway.requests
  t.match(second, { method: 'POST', url: '/v1/sms?queue=codes', headers: { 'content-type': 'application/json', 'webhook-id': message.id } })
  t.equal(first?.headers['webhook-id'], second?.headers['webhook-id'])
  const { type, timestamp, data } = JSON.parse(second?.body ?? '') as Record<string, unknown>
  t.equal(type, 'sms.send')
  t.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  t.same(data, {
    id: message.id,
    to: message.to,
    text: message.text,
    channel: 'sms',
    code: '493817',
    country: 'IN',
    language: 'en',
    purpose: 'login',
    validity_seconds: 300
  })

  const fakeServer = await openFakeServer(t)
  await open(t, { SMS_WEBHOOK_URL: fakeServer.url }, { now: () => now }).send({ ...message, validitySeconds: -1 })
  t.equal(fakeServer.requests[0]?.headers['webhook-timestamp'], String(Math.floor(now / 1000)))
  const [body = ''] = Object.keys(fakeServer.requests[0]?.form ?? {})
  t.match(JSON.parse(body), { timestamp: '2026-11-21T09:30:00.250Z', data: { validity_seconds: 1 } })
})

t.test('the app hash that the client named is sent apart', async (t) => {
  const gateway = await openGateway(t)
  const provider = open(t, { SMS_WEBHOOK_URL: gateway.url, SMS_WEBHOOK_SECRET: gateway.secret })
  await provider.send({ ...message, appHash: 'FA+9qCX9VSu' })
  t.match(JSON.parse(gateway.requests[0]?.body ?? ''), { data: { app_hash: 'FA+9qCX9VSu' } })
})

t.test('a notice has its purpose and no code', async (t) => {
  const gateway = await openGateway(t)
  const provider = open(t, { SMS_WEBHOOK_URL: gateway.url, SMS_WEBHOOK_SECRET: gateway.secret })
  await provider.send({ ...message, code: undefined, country: 'GB', language: 'pt', purpose: 'phone_changed' })
  const [request] = gateway.requests
  const { data } = JSON.parse(request?.body ?? '') as { data: object }
  t.match(data, { country: 'GB', language: 'pt', purpose: 'phone_changed' })
  t.notOk('code' in data)
})

t.test('every secret signs the request, so that a receiver can rotate its secret', async (t) => {
  const gateway = await openGateway(t)
  const provider = open(t, { SMS_WEBHOOK_URL: gateway.url, SMS_WEBHOOK_SECRET: `${otherSecret}, ${gateway.secret}` })
  await provider.send(message)
  const [request] = gateway.requests
  if (request === undefined) return t.fail('nothing arrived')
  const { headers, body } = request
  t.match(headers['webhook-signature'], /^v1,\S{44} v1,\S{44}$/)
  for (const secret of [otherSecret, gateway.secret]) t.ok(isSigned(headers, body, secret))
  t.notOk(isSigned(headers, `${body} `, gateway.secret), 'the body is signed')
  t.notOk(isSigned({ ...headers, 'webhook-id': 'another' }, body, gateway.secret), 'the id is signed')
})

for (const [what, answer, id] of [
  ['an id', '{"id":"m-1","status":"queued"}', 'm-1'],
  ['no id', '{}', message.id],
  ['an id that is not a string', '{"id":1}', message.id],
  ['an empty id', '{"id":""}', message.id],
  ['an id that is too long', JSON.stringify({ id: 'x'.repeat(201) }), message.id],
  ['null', 'null', message.id],
  ['an HTML page', '<html>accepted</html>', message.id],
  ['an empty body', '', message.id]
] as const) {
  t.test(`a gateway that replies with ${what} has accepted the message`, async (t) => {
    const gateway = await openGateway(t)
    gateway.answerWith(answer)
    t.equal(await open(t, { SMS_WEBHOOK_URL: gateway.url, SMS_WEBHOOK_SECRET: gateway.secret }).send(message), id)
  })
}

for (const [status, failure] of [[301, 'refused'], [307, 'refused'], [403, 'sender'], [410, 'sender'], [409, 'refused']] as const) {
  t.test(`status ${status} means ${failure}, and a redirect is not followed`, async (t) => {
    const elsewhere = await openFakeServer(t)
    const fakeServer = await openFakeServer(t, { status, type: 'text/plain', body: '', location: elsewhere.url })
    const error = await failureOf(t, open(t, { SMS_WEBHOOK_URL: fakeServer.url }).send(message))
    t.match(error, { failure, status, provider: 'webhook' })
    t.same(elsewhere.requests, [])
  })
}

t.test('a host name with a private address is refused with a failure that suspends the provider', async (t) => {
  const fakeServer = await openFakeServer(t)
  const { port } = new URL(fakeServer.url)
  for (const host of ['localhost', 'rebound.example']) {
    const lookup = host === 'localhost' ? {} : { lookup: rebinding }
    const provider = open(t, { SMS_WEBHOOK_URL: `https://${host}:${port}`, SMS_WEBHOOK_ALLOW_PRIVATE: 'off' }, lookup)
    const error = await failureOf(t, provider.send(message))
    t.match(error, { failure: 'sender', message: /SMS_WEBHOOK_URL leads to a private address$/ }, host)
    checkNoSecrets(t, [port, host], error)
  }
  t.same(fakeServer.requests, [])
})

t.test('a private IP address is refused without a DNS lookup', async (t) => {
  const settings = { ...loadSettings({ SMS_WEBHOOK_URL: 'https://example.com' }), url: 'https://[::1]:9' }
  const provider = createWebhookProvider({ settings, now: Date.now })
  t.match(await failureOf(t, provider.send(message)), { failure: 'sender' })
})

t.test('an internal error is rethrown unchanged', async (t) => {
  const provider = open(t, { SMS_WEBHOOK_URL: 'https://sms.example' })
  const broken = { ...message, get validitySeconds (): number { throw new RangeError('broken') } }
  await t.rejects(provider.send(broken), RangeError)
})
