import t, { type Test } from 'tap'
import type { Carrier } from '../../../src/carrier/index.ts'
import { askCarrier, openCarrier } from '../../support/carrier.ts'

const to = '+918123456789'
const form = { To: to, From: '+15005550006', Body: 'hello' }

/** Resolves when a message meets the faults: from then on the request is under way. */
function meeting (t: Test, carrier: Carrier): Promise<void> {
  return new Promise((resolve) => {
    const { take } = carrier.faults
    const notice: typeof take = (number) => {
      resolve()
      return take(number)
    }
    t.intercept(carrier.faults, 'take', { value: notice })
  })
}

t.test('told to refuse, it answers as told, so often, and takes nothing', async (t) => {
  const carrier = await openCarrier(t)
  carrier.faults.add({ fault: { kind: 'refuse', status: 429, code: 20429 }, times: 1 })
  const refused = await askCarrier(carrier, { form })
  t.equal(refused.status, 429)
  t.match(refused.body, { code: 20429, status: 429 })
  t.same(carrier.messages(), [])
  t.equal((await askCarrier(carrier, { form })).status, 201)
})

t.test('a fault for one number spares the others, and is not used up by what is refused anyway', async (t) => {
  const carrier = await openCarrier(t)
  carrier.faults.add({ fault: { kind: 'refuse', status: 500, code: 20500 }, to, times: 1 })
  t.equal((await askCarrier(carrier, { form: { ...form, To: '+918123456780' } })).status, 201)
  t.equal((await askCarrier(carrier, { form: { ...form, Body: '' } })).status, 400)
  t.equal((await askCarrier(carrier, { form })).status, 500)
})

t.test('told to delay, it takes the message at once and answers later', async (t) => {
  const taken = Promise.withResolvers<void>()
  const carrier = await openCarrier(t, { onMessage: () => taken.resolve() })
  carrier.faults.add({ fault: { kind: 'delay', ms: 1000 }, to })
  const order: string[] = []
  const reply = askCarrier(carrier, { form }).finally(() => order.push('delayed'))
  await taken.promise
  t.equal(carrier.messages({ to }).length, 1)
  await askCarrier(carrier, { form: { ...form, To: '+918123456780' } }).finally(() => order.push('other'))
  t.equal((await reply).status, 201)
  t.same(order, ['other', 'delayed'])
})

for (const accept of [true, false]) {
  t.test(`told to hang ${accept ? 'after' : 'without'} taking the message, it never answers until a side gives up`, async (t) => {
    const carrier = await openCarrier(t)
    carrier.faults.add({ fault: { kind: 'hang', accept }, times: 1 })
    const isUnderWay = meeting(t, carrier)
    const patience = new AbortController()
    const reply = askCarrier(carrier, { form, signal: patience.signal })
    const outcome = t.rejects(reply, { name: 'AbortError' })
    await isUnderWay
    t.equal((await askCarrier(carrier, { form: { ...form, To: '+918123456780' } })).status, 201, 'others are answered meanwhile')
    t.equal(carrier.messages({ to }).length, accept ? 1 : 0)
    patience.abort()
    await outcome
  })
}

t.test('closing it ends what hangs', async (t) => {
  const carrier = await openCarrier(t)
  carrier.faults.add({ fault: { kind: 'hang', accept: false } })
  const isUnderWay = meeting(t, carrier)
  const outcome = t.rejects(askCarrier(carrier, { form }))
  await isUnderWay
  await carrier.close()
  await outcome
})

t.test('it listens on the port it is told, on the loopback address alone, with credentials of its own', async (t) => {
  const first = await openCarrier(t)
  await first.close()
  const port = Number(new URL(first.url).port)
  const second = await openCarrier(t, { port })
  t.equal(second.url, `http://127.0.0.1:${port}`)
  t.match(second.accountSid, /^AC[0-9a-f]{32}$/)
  t.not(second.accountSid, first.accountSid)
  t.not(second.authToken, first.authToken)
})
