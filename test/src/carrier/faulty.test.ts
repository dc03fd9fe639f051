import t, { type Test } from 'tap'
import type { Carrier } from '../../../src/carrier/index.ts'
import { askCarrier, openCarrier } from '../../support/carrier.ts'

const to = '+918123456789'
const form = { To: to, From: '+15005550006', Body: 'hello' }

/** Resolves when the emulator looks up the faults of a message: from then on the request is in flight. */
function meeting (t: Test, carrier: Carrier): Promise<void> {
  return new Promise((resolve) => {
    const { useForReply } = carrier.faults
    const notice: typeof useForReply = (number) => {
      resolve()
      return useForReply(number)
    }
    t.intercept(carrier.faults, 'useForReply', { value: notice })
  })
}

t.test('refuse: answers the given status as often as set, and does not accept the message', async (t) => {
  const carrier = await openCarrier(t)
  carrier.faults.add({ fault: { kind: 'refuse', status: 429, code: 20429 }, times: 1 })
  const refused = await askCarrier(carrier, { form })
  t.equal(refused.status, 429)
  t.match(refused.body, { code: 20429, status: 429 })
  t.same(carrier.messages(), [])
  t.equal((await askCarrier(carrier, { form })).status, 201)
})

t.test('a rule for one number does not apply to others, and invalid requests do not use it up', async (t) => {
  const carrier = await openCarrier(t)
  carrier.faults.add({ fault: { kind: 'refuse', status: 500, code: 20500 }, to, times: 1 })
  t.equal((await askCarrier(carrier, { form: { ...form, To: '+918123456780' } })).status, 201)
  t.equal((await askCarrier(carrier, { form: { ...form, Body: '' } })).status, 400)
  t.equal((await askCarrier(carrier, { form })).status, 500)
})

t.test('delay: accepts the message immediately and replies later', async (t) => {
  const accepted = Promise.withResolvers<void>()
  const carrier = await openCarrier(t, { onMessage: () => accepted.resolve() })
  carrier.faults.add({ fault: { kind: 'delay', ms: 1000 }, to })
  const order: string[] = []
  const reply = askCarrier(carrier, { form }).finally(() => order.push('delayed'))
  await accepted.promise
  t.equal(carrier.messages({ to }).length, 1)
  await askCarrier(carrier, { form: { ...form, To: '+918123456780' } }).finally(() => order.push('other'))
  t.equal((await reply).status, 201)
  t.same(order, ['other', 'delayed'])
})

for (const accept of [true, false]) {
  t.test(`hang: ${accept ? 'accepts' : 'does not accept'} the message and never replies`, async (t) => {
    const carrier = await openCarrier(t)
    carrier.faults.add({ fault: { kind: 'hang', accept }, times: 1 })
    const isUnderWay = meeting(t, carrier)
    const patience = new AbortController()
    const reply = askCarrier(carrier, { form, signal: patience.signal })
    const outcome = t.rejects(reply, { name: 'AbortError' })
    await isUnderWay
    t.equal((await askCarrier(carrier, { form: { ...form, To: '+918123456780' } })).status, 201, 'other numbers receive replies')
    t.equal(carrier.messages({ to }).length, accept ? 1 : 0)
    patience.abort()
    await outcome
  })
}

t.test('close ends hanging requests', async (t) => {
  const carrier = await openCarrier(t)
  carrier.faults.add({ fault: { kind: 'hang', accept: false } })
  const isUnderWay = meeting(t, carrier)
  const outcome = t.rejects(askCarrier(carrier, { form }))
  await isUnderWay
  await carrier.close()
  await outcome
})

t.test('the emulator listens on the given port, on the loopback address only, with random credentials', async (t) => {
  const first = await openCarrier(t)
  await first.close()
  const port = Number(new URL(first.url).port)
  const second = await openCarrier(t, { port })
  t.equal(second.url, `http://127.0.0.1:${port}`)
  t.match(second.accountSid, /^AC[0-9a-f]{32}$/)
  t.not(second.accountSid, first.accountSid)
  t.not(second.authToken, first.authToken)
})
