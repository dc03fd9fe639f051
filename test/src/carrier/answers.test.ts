import t, { type Test } from 'tap'
import { askCarrier, basic, clientOf, openCarrier } from '../../support/carrier.ts'
import type { Fault } from '../../../src/carrier/faults.ts'

const message = { to: '+918123456789', from: '+15005550006', body: 'hello' }

const bad: Array<[string, Fault, Parameters<Test['match']>[1], number]> = [
  ['a refusal', { kind: 'refuse', status: 503, code: 20503 }, { status: 503, code: 20503 }, 0],
  ['HTML with 200, and the message is not accepted', { kind: 'html', status: 200, accept: false }, { name: 'SyntaxError' }, 0],
  ['HTML with 201, although the message is accepted', { kind: 'html', status: 201, accept: true }, { name: 'SyntaxError' }, 1],
  ['a proxy\'s page with 502', { kind: 'html', status: 502, accept: false }, { status: 502 }, 0],
  ['a truncated reply', { kind: 'cut', accept: true }, { message: 'stream has been aborted' }, 1],
  ['a connection that closes without a byte', { kind: 'cut', accept: false }, { code: 'ECONNRESET' }, 0]
]

for (const [what, fault, error, accepted] of bad) {
  t.test(`the twilio client meets ${what}`, async (t) => {
    const carrier = await openCarrier(t)
    carrier.faults.add({ fault, times: 1 })
    const outcome = await clientOf(carrier).messages.create(message).catch((reason: unknown) => reason)
    t.match(outcome, error)
    t.equal(carrier.messages().length, accepted)
    t.match(await clientOf(carrier).messages.create(message), { status: 'queued' }, 'the next message succeeds')
  })
}

t.test('a refusal has a Retry-After header', async (t) => {
  const carrier = await openCarrier(t)
  carrier.faults.add({ fault: { kind: 'refuse', status: 429, code: 20429, retry_after_seconds: 30 } })
  const reply = await fetch(`${carrier.url}/2010-04-01/Accounts/${carrier.accountSid}/Messages.json`, {
    method: 'POST',
    body: new URLSearchParams({ To: message.to, From: message.from, Body: message.body }),
    headers: { authorization: basic(carrier.accountSid, carrier.authToken) }
  })
  t.equal(reply.status, 429)
  t.equal(reply.headers.get('retry-after'), '30')
  t.match(await reply.json(), { code: 20429, status: 429 })
})

t.test('a script is applied in order, one rule per message, and `none` is a placeholder', async (t) => {
  const carrier = await openCarrier(t)
  const refuse: Fault = { kind: 'refuse', status: 500, code: 20500 }
  for (const fault of [{ kind: 'none' }, refuse, { kind: 'none' }, refuse] satisfies Fault[]) carrier.faults.add({ fault, times: 1 })
  const statuses: number[] = []
  for (let count = 0; count < 5; count++) {
    statuses.push((await askCarrier(carrier, { form: { To: message.to, From: message.from, Body: message.body } })).status)
  }
  t.same(statuses, [201, 500, 201, 500, 201])
  t.same(carrier.faults.list(), [])
})

t.test('a fault of the reply and one of the receipts apply to the same message', async (t) => {
  const carrier = await openCarrier(t)
  carrier.faults.add({ fault: { kind: 'fail', status: 'undelivered', code: 30003 }, times: 2 })
  carrier.faults.add({ fault: { kind: 'refuse', status: 500, code: 20500 }, times: 1 })
  const client = clientOf(carrier)
  await t.rejects(client.messages.create(message), { code: 20500 })
  t.match(carrier.faults.list(), [{ times: 2 }], 'a refused message has no receipts')
  const { sid } = await client.messages.create(message)
  t.match(await client.messages(sid).fetch(), { status: 'undelivered', errorCode: 30003 })
})
