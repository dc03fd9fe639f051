import t, { type Test } from 'tap'
import twilio from 'twilio'
import type { Carrier, CarrierOptions } from '../../../src/carrier/index.ts'
import type { Fault } from '../../../src/carrier/faults.ts'
import { clientOf, openCarrier } from '../../support/carrier.ts'
import { createClock } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'
import { openFakeServer, type FakeServer, type FakeReply } from '../../support/fake-server.ts'

const message = { to: '+918123456789', from: '+15005550006', body: 'hello' }

/** Starts an emulator with these faults, and a server for its callbacks. */
async function open (t: Test, faults: Fault[] = [], options: CarrierOptions & { answer?: FakeReply } = {}) {
  const carrier = await openCarrier(t, options)
  for (const fault of faults) carrier.faults.add({ fault })
  const receiver = await openFakeServer(t, options.answer)
  return { carrier, receiver, client: clientOf(carrier), statusCallback: `${receiver.url}/status` }
}

const statusesOf = (receiver: FakeServer) => receiver.requests.map(({ form }) => form['MessageStatus'])

async function untilStatuses (t: Test, receiver: FakeServer, expected: string[]): Promise<void> {
  await until(`${expected.length} receipts`, () => receiver.requests.length >= expected.length)
  t.same(statusesOf(receiver), expected)
}

/** Checks a signature with Twilio's own library, as receivers do. */
function isSigned (carrier: Carrier, receiver: FakeServer, index = 0): boolean {
  const { headers = {}, url = '', form = {} } = receiver.requests[index] ?? {}
  return twilio.validateRequest(carrier.authToken, String(headers['x-twilio-signature']), `${receiver.url}${url}`, form)
}

t.test('each change of status is reported in order, in Twilio\'s form', async (t) => {
  const { carrier, receiver, client, statusCallback } = await open(t)
  const { sid, status } = await client.messages.create({ ...message, statusCallback })
  t.equal(status, 'queued')
  await untilStatuses(t, receiver, ['sending', 'sent', 'delivered'])
  t.match(receiver.requests[2], { method: 'POST', url: '/status', headers: { 'content-type': /^application\/x-www-form-urlencoded/ } })
  t.same(receiver.requests[2]?.form, {
    ApiVersion: '2010-04-01',
    SmsSid: sid,
    SmsStatus: 'delivered',
    MessageSid: sid,
    MessageStatus: 'delivered',
    To: message.to,
    From: message.from,
    AccountSid: carrier.accountSid
  })
  t.match(await client.messages(sid).fetch(), { status: 'delivered' })
})

t.test('through a messaging service the message is queued first', async (t) => {
  const { carrier, receiver, client, statusCallback } = await open(t)
  await client.messages.create({ to: message.to, body: message.body, messagingServiceSid: 'MG0123', statusCallback })
  await untilStatuses(t, receiver, ['queued', 'sending', 'sent', 'delivered'])
  t.match(receiver.requests[0]?.form, { MessagingServiceSid: 'MG0123', From: carrier.sender })
})

for (const path of ['/status', '/', '/status?a=1&b=x%20y', '/status#rc=3&rp=all']) {
  t.test(`the signature over ${path} is valid, and with another token it is not`, async (t) => {
    const { carrier, receiver, client } = await open(t)
    await client.messages.create({ ...message, statusCallback: `${receiver.url}${path}` })
    await untilStatuses(t, receiver, ['sending', 'sent', 'delivered'])
    t.equal(receiver.requests[0]?.url, path.split('#')[0])
    t.same([0, 1, 2].map((index) => isSigned(carrier, receiver, index)), [true, true, true])
    t.notOk(isSigned({ ...carrier, authToken: 'another' }, receiver))
  })
}

const scripts: Array<[string, Fault[], string[], string]> = [
  ['duplicate', [{ kind: 'duplicate' }], ['sending', 'sending', 'sent', 'sent', 'delivered', 'delivered'], 'delivered'],
  ['out of order', [{ kind: 'disorder' }], ['delivered', 'sent', 'sending'], 'delivered'],
  ['undelivered', [{ kind: 'fail', status: 'undelivered', code: 30003 }], ['sending', 'sent', 'undelivered'], 'undelivered'],
  ['failed', [{ kind: 'fail', status: 'failed', code: 30007 }], ['sending', 'failed'], 'failed'],
  ['failed, twice and out of order', [{ kind: 'disorder' }, {
    kind: 'fail', status: 'failed', code: 30007
  }, { kind: 'duplicate' }], ['failed', 'failed', 'sending', 'sending'], 'failed']
]

for (const [what, faults, expected, end] of scripts) {
  t.test(`receipts: ${what}`, async (t) => {
    const { receiver, client, statusCallback } = await open(t, faults)
    const { sid } = await client.messages.create({ ...message, statusCallback })
    await untilStatuses(t, receiver, expected)
    const code = faults.find((fault) => fault.kind === 'fail')?.code
    t.same(receiver.requests.filter(({ form }) => form['ErrorCode'] === String(code))
      .map(({ form }) => form['MessageStatus']), expected.filter((status) => status === end && code !== undefined))
    t.match(await client.messages(sid).fetch(), { status: end, errorCode: code ?? null })
  })
}

t.test('late receipts are sent after the delay, and the message keeps its status until then', async (t) => {
  const clock = createClock(Date.UTC(2026, 10, 21, 9, 30))
  const { receiver, client, statusCallback } = await open(t, [{ kind: 'late', ms: 60_000 }], clock)
  const { sid } = await client.messages.create({ ...message, statusCallback })
  await until('the receipt waits', () => clock.sleeping === 1)
  t.match(await client.messages(sid).fetch(), { status: 'queued', dateSent: null })
  clock.advance(59_999)
  t.equal(clock.sleeping, 1)
  clock.advance(1)
  await untilStatuses(t, receiver, ['sending', 'sent', 'delivered'])
  t.match(await client.messages(sid).fetch(), {
    status: 'delivered', dateCreated: new Date('2026-11-21T09:30:00Z'), dateUpdated: new Date('2026-11-21T09:31:00Z')
  })
})

t.test('late uses the system clock by default', async (t) => {
  const { receiver, client, statusCallback } = await open(t, [{ kind: 'late', ms: 1 }])
  await client.messages.create({ ...message, statusCallback })
  await untilStatuses(t, receiver, ['sending', 'sent', 'delivered'])
})

t.test('receipts are sent even if the reply hangs', async (t) => {
  const { carrier, receiver, client, statusCallback } = await open(t, [{ kind: 'hang', accept: true }])
  const outcome = t.rejects(client.messages.create({ ...message, statusCallback }))
  await untilStatuses(t, receiver, ['sending', 'sent', 'delivered'])
  await carrier.close()
  await outcome
})

t.test('an unreachable receiver is retried once, then the next status follows', async (t) => {
  const { receiver, client, statusCallback } = await open(t, [], { answer: 'break' })
  await client.messages.create({ ...message, statusCallback })
  await untilStatuses(t, receiver, ['sending', 'sending', 'sent', 'sent', 'delivered', 'delivered'])
})

t.test('a receiver that times out is not retried', async (t) => {
  const limits: AbortController[] = []
  t.intercept(AbortSignal, 'timeout', {
    value: () => {
      const limit = new AbortController()
      limits.push(limit)
      return limit.signal
    }
  })
  const { receiver, client, statusCallback } = await open(t, [], { answer: 'hang' })
  await client.messages.create({ ...message, statusCallback })
  for (const expected of [['sending'], ['sending', 'sent'], ['sending', 'sent', 'delivered']]) {
    await untilStatuses(t, receiver, expected)
    limits.at(-1)?.abort()
  }
})

t.test('an error or a redirect of the receiver is not retried or followed', async (t) => {
  const { receiver, client, statusCallback } = await open(t, [], {
    answer: { status: 307, type: 'text/plain', body: '', location: '/elsewhere' }
  })
  await client.messages.create({ ...message, statusCallback })
  await untilStatuses(t, receiver, ['sending', 'sent', 'delivered'])
  t.same(receiver.requests.map(({ url }) => url), ['/status', '/status', '/status'])
})

t.test('close abandons pending and in-flight receipts', async (t) => {
  const { carrier, receiver, client, statusCallback } = await open(t, [], { answer: 'hang' })
  carrier.faults.add({ fault: { kind: 'late', ms: 600_000 }, to: '+918123456780' })
  await client.messages.create({ ...message, statusCallback })
  await client.messages.create({ ...message, to: '+918123456780' })
  await untilStatuses(t, receiver, ['sending'])
  await carrier.close()
  t.same(statusesOf(receiver), ['sending'])
  t.match(carrier.messages(), [{ status: 'queued' }, { status: 'sending' }])
})
