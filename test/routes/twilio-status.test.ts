import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { signCallback } from '../../src/carrier/signature.ts'
import { createId, createMessageId } from '../contracts/deliveries/delivery.ts'
import { serviceUrl } from '../support/databases.ts'
import { build } from '../support/helper.ts'
import { carrierOf, formOf, portOf, publicUrl, report, sentDelivery } from '../support/receipts.ts'
import { spyOnRedis } from '../support/connection-spy.ts'

const env = { PUBLIC_URL: publicUrl }
const accepted = { status: 204, body: undefined }
const forged = { status: 403, body: { code: 'CHR_SIGNATURE_INVALID' } }

for (const [where, storeEnv] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`receipts out of order, repeated or late never revert the state of a delivery (${where})`, async (t) => {
    const app = await build(t, { env: { ...env, ...storeEnv } })
    const { id, messageId, state } = await sentDelivery(app)
    for (const [status, after] of [
      ['delivered', 'delivered'], ['sent', 'delivered'], ['sending', 'delivered'], ['undelivered', 'delivered'], ['delivered', 'delivered']
    ] as const) {
      t.strictSame(await report(app, formOf(messageId, status), { delivery: id }), accepted, status)
      t.equal(await state(), after, status)
    }
  })

  t.test(`a receipt without a delivery id is matched by its message, and unknown ones are ignored (${where})`, async (t) => {
    const app = await build(t, { env: { ...env, ...storeEnv } })
    const { messageId, state } = await sentDelivery(app)
    for (const delivery of [undefined, createId()]) {
      t.strictSame(
        await report(app, formOf(createMessageId(), 'delivered'), delivery === undefined ? {} : { delivery }), accepted
      )
    }
    t.equal(await state(), 'sent')
    t.strictSame(await report(app, formOf(messageId, 'delivered')), accepted)
    t.equal(await state(), 'delivered')
  })
}

t.test('a failed delivery has the reason of its error code', async (t) => {
  const app = await build(t, { env })
  for (const [status, code, reason] of [[
    'undelivered', '30003', 'number_unreachable'
  ], ['failed', '30007', 'blocked'], ['canceled', undefined, 'not_sent'], ['failed', 'x', 'not_sent']] as const) {
    const { id, messageId, record } = await sentDelivery(app)
    await report(app, formOf(messageId, status, code === undefined ? {} : { ErrorCode: code }), { delivery: id })
    t.match(await record(), { state: 'failed', reason })
  }
})

t.test('an intermediate status answers 204 and changes nothing, and "read" counts as delivered', async (t) => {
  const app = await build(t, { env })
  const { id, messageId, record } = await sentDelivery(app)
  const before = await record()
  for (const status of [
    'queued', 'accepted', 'scheduled', 'sending', 'receiving', ''
  ]) t.strictSame(await report(app, formOf(messageId, status), { delivery: id }), accepted, status)
  t.strictSame(await record(), before)
  await report(app, formOf(messageId, 'read'), { delivery: id })
  t.match(await record(), { state: 'delivered' })
})

t.test('a signature with another auth token or for another URL is refused', async (t) => {
  const app = await build(t, { env })
  const { id, messageId, state } = await sentDelivery(app)
  const form = formOf(messageId, 'delivered')
  const refused: Array<[string, Parameters<typeof report>[2]]> = [
    ['another token', { token: 'f2e1d0c9b8a796857463524130f1e2d3' }],
    ['no signature', { headers: { 'x-twilio-signature': '' } }],
    ['a signature of another length', { headers: { 'x-twilio-signature': 'AAAA' } }],
    ['another host', { url: 'https://evil.example.com/sms' }],
    ['another scheme', { url: 'http://login.example.com/sms' }],
    ['another path', { url: 'https://login.example.com' }],
    ['a URL with the host of the Host header', {
      url: 'http://evil.example.com', headers: { host: 'evil.example.com', 'x-forwarded-host': 'login.example.com' }
    }]
  ]
  for (const [title, request] of refused) t.match(await report(app, form, { delivery: id, ...request }), forged, title)
  const { statusCode } = await app.inject({
    method: 'POST',
    url: '/webhooks/twilio/status',
    payload: 'MessageSid=SM1',
    headers: { 'content-type': 'application/x-www-form-urlencoded' }
  })
  t.equal(statusCode, 403, 'a request without the header is refused')
  t.equal((await app.inject({ method: 'POST', url: '/webhooks/twilio/status' })).statusCode, 403, 'an empty request is refused')
  t.equal(await state(), 'sent')
})

t.test('a signature is valid only for its form and its delivery', async (t) => {
  const app = await build(t, { env })
  const [one, other] = [await sentDelivery(app), await sentDelivery(app)]
  const sent = formOf(one.messageId, 'sent')
  const signature = signCallback(carrierOf(app).authToken, `${publicUrl}/webhooks/twilio/status?delivery=${one.id}`, sent)
  const headers = { 'x-twilio-signature': signature }
  t.match(await report(app, { ...sent, MessageStatus: 'delivered' }, { delivery: one.id, headers }), forged)
  t.match(await report(app, { ...sent, ErrorCode: '30003' }, { delivery: one.id, headers }), forged)
  t.match(await report(app, sent, { delivery: other.id, headers }), forged)
  t.strictSame(await report(app, sent, { delivery: one.id, headers }), accepted)
})

t.test('additional query parameters and a port that the signature omits are accepted', async (t) => {
  const app = await build(t, { env: { PUBLIC_URL: 'https://login.example.com:443' } })
  const { id, messageId, state } = await sentDelivery(app)
  t.strictSame(await report(app, formOf(messageId, 'sent'), {
    delivery: id, query: '&tenant=a%20b&x=1&x=2', url: 'https://login.example.com'
  }), accepted)
  t.strictSame(await report(app, formOf(messageId, 'delivered'), {
    delivery: id, query: "&quote='", url: 'https://login.example.com:443'
  }), accepted)
  t.equal(await state(), 'delivered')
})

t.test('receipts without PUBLIC_URL are signed for the address that the service listens on', async (t) => {
  const app = await build(t)
  const { id, messageId } = await sentDelivery(app)
  t.strictSame(await report(app, formOf(messageId, 'sent'), {
    delivery: id, url: 'http://127.0.0.1:4000'
  }), accepted, 'the configured address counts until the service listens')
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.strictSame(await report(app, formOf(messageId, 'sent'), { delivery: id, url: `http://127.0.0.1:${portOf(app)}` }), accepted)
  t.match(await report(app, formOf(messageId, 'sent'), { delivery: id, url: 'http://127.0.0.1:4000' }), forged)
})

t.test('repeated parameters are checked as Twilio signs them', async (t) => {
  const app = await build(t, { env })
  const { id, messageId, state } = await sentDelivery(app)
  const url = `/webhooks/twilio/status?delivery=${id}`
  const send = async (payload: string, signed: string) => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signCallback(carrierOf(app).authToken, `${publicUrl}${url}${signed}`, {})
    }
    return await app.inject({ method: 'POST', url, headers, payload })
  }
  const tags = `MessageSid=${messageId}&MessageStatus=delivered&Tag=b&Tag=a&Tag=b`
  t.equal((await send(tags, `MessageSid${messageId}MessageStatusdeliveredTagaTagb`)).statusCode, 204)
  t.equal(await state(), 'delivered')
  const twice = await send(
    `MessageSid=${messageId}&MessageStatus=sent&MessageStatus=failed`, `MessageSid${messageId}MessageStatusfailedMessageStatussent`
  )
  t.match([twice.statusCode, twice.json()], [400, { code: 'CHR_VALIDATION' }], 'a repeated status is ambiguous')
})

t.test('a signed request without a body fails validation', async (t) => {
  const app = await build(t, { env })
  const url = '/webhooks/twilio/status'
  const headers = { 'x-twilio-signature': signCallback(carrierOf(app).authToken, `${publicUrl}${url}`, {}) }
  const response = await app.inject({ method: 'POST', url, headers })
  t.match([response.statusCode, response.json()], [400, { code: 'CHR_VALIDATION' }])
})

t.test('a signed body that is not a receipt fails validation', async (t) => {
  const app = await build(t, { env })
  for (const form of [{}, { MessageSid: 'SM1' }, {
    MessageSid: '', MessageStatus: 'sent'
  }, { MessageStatus: 'sent' }, formOf('S'.repeat(65), 'sent')]) {
    t.match(await report(app, form as Record<string, string>), { status: 400, body: { code: 'CHR_VALIDATION' } })
  }
  t.match(await report(app, formOf('SM1', 'sent'), { delivery: 'short' }), { status: 400 })
})

t.test('only forms below the size limit are accepted', async (t) => {
  const app = await build(t, { env })
  t.match(await report(app, formOf('SM1', 'sent', { Padding: 'x'.repeat(17_000) })), { status: 413, body: { code: 'CHR_TOO_LARGE' } })
  t.match(await report(app, formOf('SM1', 'sent'), { headers: { 'content-type': 'application/json' } }), {
    status: 415, body: { code: 'CHR_MEDIA_TYPE' }
  })
  const otherRoute = await app.inject({
    method: 'POST', url: '/login', headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'phone_number=1'
  })
  t.equal(otherRoute.statusCode, 415, 'other routes accept no forms')
})

t.test('an absolute URL as request target is refused with 403 instead of causing a 500', async (t) => {
  const app = await build(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect(portOf(app), '127.0.0.1')
  socket.write('POST http://x/webhooks/twilio/status HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-twilio-signature: ' +
    'AAAA\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 3\r\n\r\na=b')
  t.match(await text(socket), /^HTTP\/1.1 403 /)
})

t.test('a receipt gets 503 while Redis is unreachable, so that Twilio sends it again', async (t) => {
  const { proxy, env: wired } = await spyOnRedis(t)
  const app = await build(t, { env: { ...env, ...wired } })
  const { id, messageId, state } = await sentDelivery(app)
  await proxy.cut()
  t.match(await report(app, formOf(messageId, 'delivered'), { delivery: id }), { status: 503, body: { code: 'CHR_UNAVAILABLE' } })
  await proxy.restore()
  for (let status = 503; status !== 204;) status = (await report(app, formOf(messageId, 'delivered'), { delivery: id })).status
  t.equal(await state(), 'delivered')
})
