import t, { type Test } from 'tap'
import { findAccount } from '../../../../../plugins/sms/providers/twilio/account.ts'
import { createTwilioProvider, type TwilioOptions } from '../../../../../plugins/sms/providers/twilio/provider.ts'
import type { TwilioSettings } from '../../../../../plugins/sms/providers/twilio/settings.ts'
import { basic, credentialsOf, openCarrier } from '../../../../support/carrier.ts'
import { failureOf, checkNoSecrets, message, testSmsProvider } from '../../../../contracts/sms-provider.ts'
import { openFakeServer, type FakeReply } from '../../../../support/fake-server.ts'
import { loadProviderSettings } from '../../../../support/provider-settings.ts'

const account = { accountSid: 'AC0123456789abcdef', authToken: 'the-auth-token', sender: '+15005550006' }
const whatsApp = { TWILIO_WHATSAPP_FROM: '+14155238886', TWILIO_WHATSAPP_CONTENT_SID: `HX${'0a'.repeat(16)}` }

/** Texts that an error, or any object reachable from it, must not contain. */
const secrets = [
  message.to, message.to.slice(1), '8123456789', '493817', account.authToken, basic(account.accountSid, account.authToken).slice(6)
]

function open (t: Test, env: Record<string, string>, options: Partial<TwilioOptions> = {}) {
  const settings = loadProviderSettings<TwilioSettings>('twilio', env)
  const provider = createTwilioProvider({
    settings, account: findAccount(settings, null), findCallbackBase: () => undefined, now: Date.now, ...options
  })
  t.teardown(provider.close)
  return provider
}

t.test('contract', async (t) => {
  testSmsProvider(t, async (t) => {
    const carrier = await openCarrier(t)
    return {
      gateway: {
        url: carrier.url,
        fail: (fault) => carrier.faults.add({ fault, times: 1 }),
        acceptedTexts: () => carrier.messages().map(({ body }) => body),
        close: carrier.close
      },
      secrets: [carrier.authToken, basic(carrier.accountSid, carrier.authToken).slice(6)],
      open ({ url = carrier.url, timeoutMs, hasWrongCredentials = false } = {}) {
        const authToken = hasWrongCredentials ? 'wrong' : carrier.authToken
        return open(t, credentialsOf({ ...carrier, url, authToken }), timeoutMs === undefined ? {} : { timeoutMs })
      }
    }
  })
})

t.test('a request contains the credentials, sender, text and validity of the SMS', async (t) => {
  const fakeServer = await openFakeServer(t)
  const provider = open(t, credentialsOf({ ...account, url: fakeServer.url }))
  t.equal(await provider.send(message), 'SM1')
  t.match(fakeServer.requests, [{
    method: 'POST',
    url: `/2010-04-01/Accounts/${account.accountSid}/Messages.json`,
    headers: {
      authorization: basic(account.accountSid, account.authToken),
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': /^twilio-node/
    }
  }])
  t.same(fakeServer.requests[0]?.form, { To: message.to, From: account.sender, Body: message.text, ValidityPeriod: '300' })
})

t.test('text in any script arrives unchanged', async (t) => {
  const carrier = await openCarrier(t)
  const text = 'आपका कोड 493817 है & 100% + «رمز»\n@example.com #493817'
  await open(t, credentialsOf(carrier)).send({ ...message, text })
  t.equal(carrier.messages()[0]?.body, text)
})

t.test('requests to the emulator use its own credentials', async (t) => {
  const carrier = await openCarrier(t)
  const sid = await open(t, {}, { account: findAccount(loadProviderSettings('twilio', {}), carrier) }).send(message)
  t.match(carrier.messages(), [{ sid, to: message.to, from: carrier.sender, body: message.text }])
})

t.test('the validity of an SMS stays within the limits of the carrier', async (t) => {
  const fakeServer = await openFakeServer(t)
  const provider = open(t, credentialsOf({ ...account, url: fakeServer.url }))
  for (const validitySeconds of [2, 0, -1, 6.4, 40_000]) await provider.send({ ...message, validitySeconds })
  t.same(fakeServer.requests.map(({ form }) => form['ValidityPeriod']), ['6', '6', '6', '6', '36000'])
})

t.test('a messaging service replaces the sender', async (t) => {
  const fakeServer = await openFakeServer(t)
  const provider = open(t, { ...credentialsOf({ ...account, url: fakeServer.url }), TWILIO_MESSAGING_SERVICE_SID: 'MG0123' })
  await provider.send(message)
  t.same(fakeServer.requests[0]?.form, { To: message.to, MessagingServiceSid: 'MG0123', Body: message.text, ValidityPeriod: '300' })
})

t.test('a request asks for receipts if the service has a public address, and announces feedback if it is on', async (t) => {
  const fakeServer = await openFakeServer(t)
  const env = { ...credentialsOf({ ...account, url: fakeServer.url }), TWILIO_MESSAGE_FEEDBACK: 'on' }
  await open(t, env, { findCallbackBase: () => 'https://login.example.com/app' }).send(message)
  t.match(fakeServer.requests[0]?.form, {
    StatusCallback: /^https:\/\/login\.example\.com\/app\/webhooks\/twilio\/status\?delivery=the-delivery-1(#|$)/, ProvideFeedback: 'true'
  })
})

t.test('WhatsApp receives the code as a template variable, and the number with its prefix', async (t) => {
  const fakeServer = await openFakeServer(t)
  const provider = open(t, { ...credentialsOf({ ...account, url: fakeServer.url }), ...whatsApp })
  t.same(provider.channels, ['sms', 'whatsapp'])
  await provider.send({ ...message, channel: 'whatsapp' })
  t.same(fakeServer.requests[0]?.form, {
    To: `whatsapp:${message.to}`,
    From: 'whatsapp:+14155238886',
    ContentSid: whatsApp.TWILIO_WHATSAPP_CONTENT_SID,
    ContentVariables: '{"1":"493817"}',
    ValidityPeriod: '300'
  })
})

t.test('a WhatsApp message without a template is refused without a request', async (t) => {
  const fakeServer = await openFakeServer(t)
  const env = credentialsOf({ ...account, url: fakeServer.url })
  t.same(open(t, env).channels, ['sms'])
  t.match(await failureOf(t, open(t, env).send({ ...message, channel: 'whatsapp' })), { failure: 'refused' })
  const notice = { ...message, channel: 'whatsapp' as const, code: undefined }
  t.match(await failureOf(t, open(t, { ...env, ...whatsApp }).send(notice)), { failure: 'refused' })
  t.same(fakeServer.requests, [])
})

for (const path of ['', '/', '//', '/twilio', '/twilio/v1/']) {
  t.test(`TWILIO_API_BASE_URL may end in "${path}"`, async (t) => {
    const fakeServer = await openFakeServer(t)
    await open(t, credentialsOf({ ...account, url: `${fakeServer.url}${path}` })).send(message)
    t.equal(fakeServer.requests[0]?.url, `${path.replace(/\/+$/, '')}/2010-04-01/Accounts/${account.accountSid}/Messages.json`)
  })
}

t.test('without TWILIO_API_BASE_URL requests go to api.twilio.com', async (t) => {
  const hostnames: string[] = []
  const { TWILIO_API_BASE_URL: _url, ...env } = credentialsOf({ ...account, url: '' })
  const provider = open(t, env, {
    lookup (hostname, _options, callback) {
      hostnames.push(hostname)
      callback(new Error('no network'), '')
    }
  })
  t.match(await failureOf(t, provider.send(message)), { failure: 'unreachable' })
  t.same(hostnames, ['api.twilio.com'])
})

const json = (status: number, body: unknown): FakeReply => ({ status, type: 'application/json', body: JSON.stringify(body) })
const page = { type: 'text/html', body: `<html>${message.to} 493817</html>` }
const echo = `${message.to}: ${message.text}`
const twilioError = (status: number, code: number) => json(status, {
  code, message: echo, more_info: 'https://www.twilio.com/docs/errors', status
})

const failures: Array<[string, FakeReply, object]> = [
  ['an invalid number is a failure of the recipient', twilioError(400, 21211), {
    failure: 'recipient', status: 400, carrierCode: 21211, reason: 'number_invalid', message: /status 400, code 21211$/
  }],
  ['a number that sent STOP is a failure of the recipient', twilioError(403, 21610), {
    failure: 'recipient', carrierCode: 21610, reason: 'opted_out'
  }],
  ['a country that is not served is a refusal', twilioError(400, 21408), {
    failure: 'refused', carrierCode: 21408, reason: 'country_not_served'
  }],
  ['an error without a body is classified by its status', {
    status: 500, type: 'application/json', body: ''
  }, { failure: 'ambiguous', status: 500, carrierCode: undefined, message: /code none$/ }],
  ['an error code that is not a number is ignored', json(400, { code: echo, message: echo }), {
    failure: 'refused', carrierCode: undefined
  }],
  ['an error in the newer format is parsed', json(400, {
    type: echo, title: echo, status: 400, code: 21211, detail: echo
  }), { failure: 'recipient', carrierCode: 21211 }],
  ['a redirect is not followed', { ...page, status: 302, location: '/elsewhere' }, { failure: 'refused', status: 302 }],
  ['an HTML page instead of JSON is ambiguous', { ...page, status: 200 }, { failure: 'ambiguous', message: /no usable answer$/ }],
  ['an empty response is ambiguous', {
    status: 201, type: 'application/json', body: ''
  }, { failure: 'ambiguous', message: /no usable answer$/ }],
  ['JSON without a message id is ambiguous', json(200, { status: 'ok' }), { failure: 'ambiguous', message: /no usable answer$/ }],
  ['null instead of a message is ambiguous', json(201, null), { failure: 'ambiguous', message: /no usable answer$/ }],
  ['a response over 64 KiB is ambiguous', json(201, { sid: 'SM1', padding: 'x'.repeat(65_536) }), {
    failure: 'ambiguous', message: /UND_ERR_RES_EXCEEDED_MAX_SIZE$/
  }]
]

for (const [what, answer, expected] of failures) {
  t.test(what, async (t) => {
    const fakeServer = await openFakeServer(t, answer)
    const error = await failureOf(t, open(t, credentialsOf({ ...account, url: fakeServer.url })).send(message))
    t.match(error, { name: 'SmsError', provider: 'twilio', ...expected })
    t.equal(fakeServer.requests.length, 1, 'there is one request')
    checkNoSecrets(t, secrets, error)
  })
}

t.test('a response that never ends is ambiguous, because the timeout covers the whole call', async (t) => {
  const fakeServer = await openFakeServer(t, 'trickle')
  const error = await failureOf(t, open(t, credentialsOf({ ...account, url: fakeServer.url }), { timeoutMs: 100 }).send(message))
  t.match(error, { failure: 'ambiguous', status: undefined })
  checkNoSecrets(t, secrets, error)
})
