import { channel } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import { inspect } from 'node:util'
import t, { type Test } from 'tap'
import twilio from 'twilio'
import carrier from '../../../plugins/carrier.ts'
import sms, { SmsError } from '../../../plugins/sms/index.ts'
import { describeError } from '../../../src/logging.ts'
import { basic, credentialsOf, openCarrier } from '../../carrier.ts'
import { compose } from '../../compose.ts'
import { openStandIn, type StandInAnswer } from '../../stand-in.ts'

const message = { to: '+918123456789', text: 'Cheershare: your code is 493817.', validitySeconds: 299.6 }
const account = { accountSid: 'AC0123456789abcdef', authToken: 'the-auth-token', sender: '+15005550006' }

/** Everything that a log, a dump or a debugger could show must be free of these. */
const secrets = [message.to, message.to.slice(1), '8123456789', '493817', account.authToken, basic(account.accountSid, account.authToken).slice(6)]

async function open (t: Test, env: Record<string, string>) {
  const { app } = await compose(t, [carrier, sms], { env })
  return app.sms
}

/** Remembers the HTTP client that sends, to look at what it keeps. */
function spyOnClient (t: Test): () => unknown {
  let client: unknown
  const { request } = twilio.RequestClient.prototype
  t.intercept(twilio.RequestClient.prototype, 'request', {
    value (this: twilio.RequestClient, ...args: Parameters<typeof request>) {
      client = this
      return request.apply(this, args)
    }
  })
  return () => client
}

t.test('an SMS goes to the emulator by the real client, and its id comes back', async (t) => {
  const { app } = await compose(t, [carrier, sms])
  const sid = await app.sms.send(message)
  t.match(app.carrier?.messages(), [{ sid, to: message.to, from: '+15005550006', body: message.text }])
})

t.test('the carrier is asked with the credentials, sender, text and life of the SMS', async (t) => {
  const standIn = await openStandIn(t)
  const sender = await open(t, credentialsOf({ ...account, url: standIn.url }))
  t.equal(await sender.send(message), 'SM1')
  t.match(standIn.requests, [{
    method: 'POST',
    url: `/2010-04-01/Accounts/${account.accountSid}/Messages.json`,
    headers: { authorization: basic(account.accountSid, account.authToken) }
  }])
  t.same(standIn.requests[0]?.form, { To: message.to, From: account.sender, Body: message.text, ValidityPeriod: '300' })
})

t.test('a code that is nearly over still gets the least life that the carrier takes', async (t) => {
  const standIn = await openStandIn(t)
  const sender = await open(t, credentialsOf({ ...account, url: standIn.url }))
  for (const validitySeconds of [2, 0, -1]) await sender.send({ ...message, validitySeconds })
  t.same(standIn.requests.map(({ form }) => form['ValidityPeriod']), ['6', '6', '6'])
})

t.test('a messaging service takes the place of the sender', async (t) => {
  const standIn = await openStandIn(t)
  const sender = await open(t, { ...credentialsOf({ ...account, url: standIn.url }), TWILIO_MESSAGING_SERVICE_SID: 'MG0123' })
  await sender.send(message)
  t.same(standIn.requests[0]?.form, { To: message.to, MessagingServiceSid: 'MG0123', Body: message.text, ValidityPeriod: '300' })
})

for (const path of ['', '/', '//', '/twilio', '/twilio/v1/']) {
  t.test(`TWILIO_API_BASE_URL may end in "${path}"`, async (t) => {
    const standIn = await openStandIn(t)
    const sender = await open(t, credentialsOf({ ...account, url: `${standIn.url}${path}` }))
    await sender.send(message)
    t.equal(standIn.requests[0]?.url, `${path.replace(/\/+$/, '')}/2010-04-01/Accounts/${account.accountSid}/Messages.json`)
  })
}

t.test('without TWILIO_API_BASE_URL Twilio itself is asked', async (t) => {
  const asked: string[] = []
  t.intercept(twilio.RequestClient.prototype, 'request', {
    value: async ({ uri }: { uri: string }) => {
      asked.push(uri)
      return { statusCode: 201, body: { sid: 'SM1' } }
    }
  })
  const { TWILIO_API_BASE_URL: _url, ...env } = credentialsOf({ ...account, url: '' })
  t.equal(await (await open(t, env)).send(message), 'SM1')
  t.same(asked, [`https://api.twilio.com/2010-04-01/Accounts/${account.accountSid}/Messages.json`])
})

/** What a careless carrier repeats in its answer. */
const echo = `Account ${account.accountSid}:${account.authToken} cannot send "${message.text}" to ${message.to}`
const json = (status: number, body: unknown): StandInAnswer => ({ status, type: 'application/json', body: JSON.stringify(body) })
const twilioError = (status: number, code: number) => json(status, { status, code, message: echo, more_info: echo })
const page = { type: 'text/html', body: `<h1>${echo}</h1>` }
const html = (status: number): StandInAnswer => ({ ...page, status })

interface Expected { outcome: string, status?: number, carrierCode?: number, message: RegExp }
const permanent = (status: number, carrierCode?: number): Expected =>
  ({ outcome: 'permanent', status, carrierCode, message: new RegExp(`status ${status}, code ${carrierCode ?? 'none'}$`) })
const transient = (status: number, carrierCode?: number): Expected => ({ ...permanent(status, carrierCode), outcome: 'transient' })
const noAnswer = (reason: RegExp): Expected => ({ outcome: 'transient', status: undefined, carrierCode: undefined, message: reason })

const failures: Array<[string, StandInAnswer, Expected]> = [
  ['a number that is refused is a permanent failure', twilioError(400, 21211), permanent(400, 21211)],
  ['wrong credentials are a permanent failure', twilioError(401, 20003), permanent(401, 20003)],
  ['a blocked recipient is a permanent failure', twilioError(403, 21610), permanent(403, 21610)],
  ['a wrong address of the carrier is a permanent failure', html(404), permanent(404)],
  ['being throttled is a transient failure', twilioError(429, 20429), transient(429, 20429)],
  ['an error of the carrier is a transient failure', twilioError(500, 20500), transient(500, 20500)],
  ['an error page instead of JSON is a transient failure', html(503), transient(503)],
  ['an error without a body is a transient failure', { status: 500, type: 'application/json', body: '' }, transient(500)],
  ['a code that is no number is left out', json(400, { code: echo, message: echo }), permanent(400)],
  ['an error in the newer form is understood', json(400, { type: echo, title: echo, status: 400, code: 21211, detail: echo }), permanent(400, 21211)],
  ['a redirect is not followed, and is a transient failure', { ...page, status: 302, location: '/elsewhere' }, transient(302)],
  ['a page instead of JSON is no usable answer', html(200), noAnswer(/no usable answer$/)],
  ['an empty answer is no usable answer', { status: 201, type: 'application/json', body: '' }, noAnswer(/no usable answer$/)],
  ['JSON that is no message is no usable answer', json(200, { status: 'ok' }), noAnswer(/no usable answer$/)],
  ['null is no usable answer', json(201, null), noAnswer(/no usable answer$/)],
  ['a connection that breaks is a transient failure', 'break', noAnswer(/ECONNRESET$/)]
]

async function failureOf (t: Test, sending: Promise<string>): Promise<SmsError> {
  const error: unknown = await sending.then((sid) => new Error(`it was sent as ${sid}`), (reason: unknown) => reason)
  if (error instanceof SmsError) return error
  t.fail('an SmsError was expected', { found: error })
  throw error
}

function holdsNoSecret (t: Test, what: string, value: unknown): void {
  const text = `${inspect(value, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null })}${JSON.stringify(value)}`
  t.same(secrets.filter((secret) => text.includes(secret)), [], `${what} holds no credentials, code or number`)
}

for (const [what, answer, expected] of failures) {
  t.test(what, async (t) => {
    const standIn = await openStandIn(t, answer)
    const client = spyOnClient(t)
    const sender = await open(t, credentialsOf({ ...account, url: standIn.url }))
    const error = await failureOf(t, sender.send(message))
    t.match(error, { name: 'SmsError', ...expected })
    t.equal(standIn.requests.length, 1, 'it is asked once')
    holdsNoSecret(t, 'the error', error)
    holdsNoSecret(t, 'its log entry', describeError(error))
    t.match(client(), { lastRequest: undefined })
  })
}

t.test('a carrier that refuses connections is a transient failure', async (t) => {
  const standIn = await openCarrier(t)
  await standIn.close()
  const error = await failureOf(t, (await open(t, credentialsOf({ ...account, url: standIn.url }))).send(message))
  t.match(error, { outcome: 'transient', message: /ECONNREFUSED$/ })
  holdsNoSecret(t, 'the error', error)
})

t.test('a carrier that does not answer in time is a transient failure', async (t) => {
  const standIn = await openStandIn(t, 'hang')
  const sender = await open(t, credentialsOf({ ...account, url: standIn.url }))
  // A connection's timer cannot be moved, but its limit can be read and brought forward.
  let limitMs: number | undefined
  const shorten = (event: unknown) => {
    const { socket } = (event as { request: ClientRequest }).request
    socket?.once('connect', () => setImmediate(() => {
      limitMs = socket.timeout
      socket.setTimeout(20)
    }))
  }
  channel('http.client.request.start').subscribe(shorten)
  t.teardown(() => channel('http.client.request.start').unsubscribe(shorten))
  const error = await failureOf(t, sender.send(message))
  t.equal(limitMs, 7000)
  t.match(error, { outcome: 'transient', status: undefined, message: /ECONNABORTED$/ })
  holdsNoSecret(t, 'the error', error)
})

t.test('a carrier whose answer never ends is a transient failure, for the whole call has one limit', async (t) => {
  const standIn = await openStandIn(t, 'trickle')
  const sender = await open(t, credentialsOf({ ...account, url: standIn.url }))
  const { timeout } = AbortSignal
  const limits: number[] = []
  t.intercept(AbortSignal, 'timeout', {
    value: (milliseconds: number) => {
      limits.push(milliseconds)
      return timeout.call(AbortSignal, 100)
    }
  })
  const error = await failureOf(t, sender.send(message))
  t.same(limits, [7000])
  t.match(error, { outcome: 'transient', status: undefined, message: /ERR_CANCELED$/ })
  holdsNoSecret(t, 'the error', error)
})

for (const [what, answer] of [['success', undefined], ['failure', twilioError(400, 21211)]] as const) {
  t.test(`after ${what} the client keeps nothing of what was sent`, async (t) => {
    const echoed = json(201, { sid: 'SM1', to: message.to, body: message.text, status: 'queued' })
    const standIn = await openStandIn(t, answer ?? echoed)
    const client = spyOnClient(t)
    const sender = await open(t, credentialsOf({ ...account, url: standIn.url }))
    await sender.send(message).catch(() => {})
    t.match(client(), { lastRequest: undefined, lastResponse: undefined })
    holdsNoSecret(t, 'the client', client())
  })
}
