import t, { type Test } from 'tap'
import Fastify from 'fastify'
import { createRedisWatch } from '../../../../plugins/platform/redis/watch.ts'

const readonly = Object.assign(new Error('READONLY'), { name: 'ReplyError' })
const timeout = new Error('Command timed out')

/** Creates a watch whose probes have the results of a list, and records the messages of its log. */
function createWatch (_t: Test) {
  const messages: string[] = []
  const { log } = Fastify({ logger: { stream: { write: (line: string) => { messages.push((JSON.parse(line) as { msg: string }).msg) } } } })
  let result: Error | undefined
  let reconnections = 0
  const watch = createRedisWatch({
    log,
    probe: async () => { if (result !== undefined) throw result },
    reconnect: () => { reconnections += 1 }
  })
  return {
    watch,
    messages,
    get reconnections () { return reconnections },
    async check (next?: Error) {
      result = next
      await watch.check()
    }
  }
}

t.test('an outage is logged once for each kind of failure, and its end once', async (t) => {
  const { watch, messages, check } = createWatch(t)
  await check()
  t.strictSame(messages, [])
  for (let round = 0; round < 100; round++) {
    watch.lose(new Error('the connection was closed'))
    await check(readonly)
  }
  t.strictSame(messages, ['Redis does not answer', 'Redis refuses writes'])
  await check()
  await check()
  t.equal(messages.at(-1), 'Redis answers again')
  t.equal(messages.length, 3)
  await check(readonly)
  t.equal(messages.length, 4, 'the next outage is logged again')
})

t.test('one late reply is no outage, the second one is, and the third one leads to a new connection', async (t) => {
  const spy = createWatch(t)
  await spy.check(timeout)
  await spy.check()
  await spy.check(timeout)
  t.strictSame(spy.messages, [], 'a reply in between ends the count')
  await spy.check(timeout)
  t.strictSame([spy.messages, spy.reconnections], [['Redis does not answer'], 0])
  await spy.check(timeout)
  t.equal(spy.reconnections, 1)
  await spy.check(timeout)
  await spy.check(timeout)
  t.equal(spy.reconnections, 1)
  await spy.check(timeout)
  t.equal(spy.reconnections, 2)
})
