import t, { type Test } from 'tap'
import { createPoster, PostError, type PosterOptions } from '../../../../plugins/sms/providers/http-poster.ts'
import { createTwilioProvider } from '../../../../plugins/sms/providers/twilio/provider.ts'
import { findAccount } from '../../../../plugins/sms/providers/twilio/account.ts'
import type { TwilioSettings } from '../../../../plugins/sms/providers/twilio/settings.ts'
import { createWebhookProvider } from '../../../../plugins/sms/providers/webhook/provider.ts'
import { createPublicLookup } from '../../../../plugins/sms/providers/webhook/public-lookup.ts'
import type { WebhookSettings } from '../../../../plugins/sms/providers/webhook/settings.ts'
import { checkNoSecrets, failureOf, message } from '../../../contracts/sms-provider.ts'
import { credentialsOf, openCarrier } from '../../../support/carrier.ts'
import { openGateway } from '../../../support/gateway.ts'
import { openHttpProxy } from '../../../support/http-proxy.ts'
import { promptMs } from '../../../support/polling.ts'
import { loadProviderSettings } from '../../../support/provider-settings.ts'

const through = (proxy: string) => ({ proxies: { httpProxy: proxy, httpsProxy: proxy, noProxy: [] } })
const credentials: [string, string] = ['user@corp', 'hunter2:%/']
const request = { headers: {}, body: 'text' }

function openPoster (t: Test, options: PosterOptions) {
  const poster = createPoster(options)
  t.teardown(poster.close)
  return poster
}

/** Opens the provider Twilio without another base URL, so that it calls api.twilio.com. */
function openTwilio (t: Test, carrier: Parameters<typeof credentialsOf>[0], proxy: string) {
  const { TWILIO_API_BASE_URL: _url, ...env } = credentialsOf(carrier)
  const settings = loadProviderSettings<TwilioSettings>('twilio', env)
  const account = findAccount(settings, null)
  const provider = createTwilioProvider({ settings, account, findCallbackBase: () => undefined, now: Date.now, ...through(proxy) })
  t.teardown(provider.close)
  return provider
}

t.test('SMS go to api.twilio.com through a tunnel of the proxy, over one connection', async (t) => {
  const carrier = await openCarrier(t)
  const proxy = await openHttpProxy(t, { target: carrier.url, credentials })
  const provider = openTwilio(t, carrier, proxy.url)
  for (let count = 0; count < 3; count++) {
    t.match(await provider.send(message), /^SM/)
    await new Promise((resolve) => setImmediate(resolve))
  }
  t.same(proxy.requests, ['CONNECT api.twilio.com:443'])
  t.equal(carrier.messages().length, 3)
})

for (const [what, options, expected] of [
  ['wrong credentials', { credentials: ['user', 'other'] as [string, string] }, /the proxy replied with status 407$/],
  ['a forbidden host', { refusal: 403 }, /the proxy replied with status 403$/],
  ['an unreachable server', { refusal: 502 }, /the proxy replied with status 502$/]
] as const) {
  t.test(`a tunnel that the proxy refuses (${what}) means certainly not sent, and the error names no credentials`, async (t) => {
    const carrier = await openCarrier(t)
    const { url } = await openHttpProxy(t, { target: carrier.url, ...options })
    const proxyUrl = url.replace(/\/\/(.*@)?/, '//user:hunter2@')
    const error = await failureOf(t, openTwilio(t, carrier, what === 'wrong credentials' ? proxyUrl : url).send(message))
    t.match(error, { failure: 'unreachable', message: expected })
    checkNoSecrets(t, ['hunter2', Buffer.from('user:hunter2').toString('base64'), new URL(url).host], error)
    t.same(carrier.messages(), [])
  })
}

t.test('a proxy that is down fails a call as quickly as a carrier that is down, and works again without a restart', async (t) => {
  const carrier = await openCarrier(t)
  const proxy = await openHttpProxy(t, { target: carrier.url, credentials })
  const provider = openTwilio(t, carrier, proxy.url)
  await provider.send(message)
  await proxy.close()
  const started = performance.now()
  const error = await failureOf(t, provider.send(message))
  t.match(error, { failure: 'unreachable', message: /ECONNREFUSED$/ })
  t.ok(performance.now() - started < promptMs)
  checkNoSecrets(t, ['hunter2'], error)
})

t.test('a plain request is forwarded, and one that the proxy refuses for its credentials is certainly not sent', async (t) => {
  const gateway = await openGateway(t)
  const proxy = await openHttpProxy(t, { target: gateway.url, credentials })
  const url = new URL('http://sms.proxied.test/send?a=b')
  t.match(await openPoster(t, through(proxy.url)).post(url, request), { status: 401 }, 'the reply of the gateway')
  t.same(proxy.requests, ['POST http://sms.proxied.test/send?a=b'])
  const anonymous = proxy.url.replace(/\/\/.*@/, '//')
  await t.rejects(openPoster(t, through(anonymous)).post(url, request), new PostError('the proxy replied with status 407', false))
})

t.test('loopback and the hosts of NO_PROXY are called directly', async (t) => {
  const gateway = await openGateway(t)
  const proxy = await openHttpProxy(t, { target: gateway.url })
  const { proxies } = through(proxy.url)
  const lookup: NonNullable<PosterOptions['lookup']> = (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }])
  const poster = openPoster(t, { proxies: { ...proxies, noProxy: ['.proxied.test'] }, lookup })
  const { port } = new URL(gateway.url)
  for (const host of ['127.0.0.1', 'localhost', 'sms.proxied.test']) {
    t.match(await poster.post(new URL(`http://${host}:${port}/`), request), { status: 401 }, host)
  }
  t.same(proxy.requests, [])
})

function openWebhook (t: Test, proxy: string, { secret, addresses, url = 'https://sms.proxied.test/v1', ...env }: {
  secret: string, addresses?: string[], url?: string, SMS_WEBHOOK_ALLOW_PRIVATE?: string
}) {
  const settings = loadProviderSettings<WebhookSettings>('webhook', {
    SMS_PROVIDERS: 'webhook', SMS_WEBHOOK_URL: url, SMS_WEBHOOK_SECRET: secret, ...env
  })
  const lookup = createPublicLookup((_hostname, _options, callback) => {
    if (addresses === undefined) return callback(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), [])
    callback(null, addresses.map((address) => ({ address, family: 4 })))
  })
  const isChecked = env.SMS_WEBHOOK_ALLOW_PRIVATE === undefined
  const provider = createWebhookProvider({ settings, now: Date.now, ...through(proxy), ...(isChecked ? { lookup } : {}) })
  t.teardown(provider.close)
  return provider
}

t.test('the webhook resolves and checks the host before it uses the proxy', async (t) => {
  const gateway = await openGateway(t)
  const proxy = await openHttpProxy(t, { target: gateway.url, credentials })
  const open = (addresses?: string[], more = {}) =>
    openWebhook(t, proxy.url, { secret: gateway.secret, ...(addresses === undefined ? {} : { addresses }), ...more })
  for (const addresses of [['10.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['169.254.169.254']]) {
    t.match(await failureOf(t, open(addresses).send(message)), { failure: 'sender', message: /private address$/ }, addresses.join())
  }
  t.match(await failureOf(t, open().send(message)), { failure: 'unreachable', message: /ENOTFOUND$/ })
  t.same(proxy.requests, [], 'the proxy learns of no host that was refused')
  t.equal(await open(['8.8.8.8']).send(message), 'gateway-1')
  t.same(proxy.requests, ['CONNECT sms.proxied.test:443'])
  t.same(gateway.acceptedTexts(), [message.text])
  const unchecked = open(undefined, { SMS_WEBHOOK_ALLOW_PRIVATE: 'on' })
  t.equal(await unchecked.send(message), 'gateway-1', 'with SMS_WEBHOOK_ALLOW_PRIVATE only the proxy resolves the name')
})

t.test('a public address in the URL is not resolved, and a lookup that hangs fails the call in time', async (t) => {
  const gateway = await openGateway(t)
  const proxy = await openHttpProxy(t, { target: gateway.url })
  const hanging = openPoster(t, { ...through(proxy.url), lookup: () => {}, timeoutMs: 50 })
  await t.rejects(hanging.post(new URL('http://sms.proxied.test/'), request), new PostError('timeout', false))
  t.same(proxy.requests, [])
  const patient = openPoster(t, { ...through(proxy.url), lookup: () => {} })
  t.match(await patient.post(new URL('http://8.8.8.8/'), request), { status: 401 })
})
