import t from 'tap'
import { createClient, type Delivery } from '../../../src/client/index.ts'
import { watchDelivery } from '../../../src/client/delivery-watch.ts'
import { until } from '../../support/polling.ts'

const delivery = { channel: 'sms', reason: null, message: 'On its way.', resend_in: 0 }
const noPauses = Array<number>(10).fill(0)

/** A client whose requests get these replies in turn; a string is a network failure. */
function createAnswering (replies: readonly unknown[]) {
  const left = [...replies]
  const client = createClient({
    baseUrl: 'http://127.0.0.1',
    async fetch () {
      const reply = left.shift()
      if (typeof reply === 'string') throw new TypeError(reply)
      return Response.json(reply, { status: reply === undefined ? 404 : 200 })
    }
  })
  return { client, left }
}

t.test('requests go on after failures, and end with a final state', async (t) => {
  for (const status of ['delivered', 'failed']) {
    const { client, left } = createAnswering(['network failure', undefined, { ...delivery, status: 'sent' }, { ...delivery, status }, 'not asked'])
    const seen: Delivery[] = []
    watchDelivery(client, 'x', (each) => { seen.push(each) }, noPauses)
    await until('the state is final', () => seen.length === 2)
    t.same(seen.map((each) => each.status), ['sent', status])
    t.same(left, ['not asked'])
  }
})

t.test('requests end when the pauses are used up', async (t) => {
  const { client, left } = createAnswering([{ ...delivery, status: 'sent' }, { ...delivery, status: 'sent' }, 'not asked'])
  const seen: Delivery[] = []
  watchDelivery(client, 'x', (each) => { seen.push(each) }, [0, 0])
  await until('both replies arrive', () => seen.length === 2)
  await new Promise((resolve) => { setImmediate(resolve) })
  t.same(left, ['not asked'])
})

t.test('a reply that arrives after the stop is not reported', async (t) => {
  let answer = (_response: Response) => {}
  const client = createClient({ baseUrl: 'http://127.0.0.1', fetch: async () => await new Promise<Response>((resolve) => { answer = resolve }) })
  const asked = answer
  const seen: Delivery[] = []
  const stop = watchDelivery(client, 'x', (each) => { seen.push(each) }, noPauses)
  await until('the request is sent', () => answer !== asked)
  stop()
  answer(Response.json({ ...delivery, status: 'sent' }))
  await new Promise((resolve) => { setImmediate(resolve) })
  t.same(seen, [])
})
