import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { createClient } from '../../../../src/redis/client.ts'
import { createStopBoard } from '../../../../plugins/sms/providers/suspension-store.ts'
import { serviceUrl } from '../../../support/helper.ts'
import { until } from '../../../support/polling.ts'
import { createProxy } from '../../../support/proxy.ts'

async function open (t: Test, url: string) {
  const client = createClient([url])
  client.on('error', () => {})
  t.teardown(() => { client.disconnect() })
  await until('Redis answers', async () => await client.ping().then(() => true, () => false))
  return { client, board: createStopBoard(client) }
}

t.test('instances tell each other what is stopped, for a minute', async (t) => {
  const provider = randomUUID()
  const [{ client, board: one }, { board: other }] = await Promise.all([open(t, serviceUrl('TEST_REDIS_URL')), open(t, serviceUrl('TEST_REDIS_URL'))])
  t.equal(await other.has(provider), false)
  t.equal(await one.put(provider), true)
  t.equal(await other.has(provider), true)
  await client.pexpire(`sms:stopped:${provider}`, 1000)
  t.equal(await other.put(provider), false, 'that is no news')
  const life = await client.pttl(`sms:stopped:${provider}`)
  t.ok(life > 59_000 && life <= 60_000, `${life} ms`)
  await other.remove(provider)
  t.equal(await one.has(provider), false)
  t.equal(await one.put(provider), true, 'that is news again')
})

t.test('of instances that stop at the same moment one has the news', async (t) => {
  const provider = randomUUID()
  const boards = await Promise.all(Array.from({ length: 5 }, async () => (await open(t, serviceUrl('TEST_REDIS_URL'))).board))
  const news = await Promise.all(boards.map(async (board) => await board.put(provider)))
  t.equal(news.filter((isNews) => isNews).length, 1)
})

t.test('while Redis is away each knows of its own alone, and nothing fails', async (t) => {
  const { hostname: host, port } = new URL(serviceUrl('TEST_REDIS_URL'))
  const wire = await createProxy(t, { host, port: Number(port) })
  const provider = randomUUID()
  const { board } = await open(t, `redis://127.0.0.1:${wire.port}`)
  t.equal(await board.put(provider), true)
  await wire.cut()
  t.equal(await board.has(provider), false)
  t.equal(await board.put(provider), true, 'it is told once too often rather than never')
  await board.remove(provider)
})

t.test('without Redis there is nobody to tell', async (t) => {
  const board = createStopBoard(undefined)
  t.equal(await board.put('twilio'), true)
  t.equal(await board.has('twilio'), false)
  await board.remove('twilio')
})
