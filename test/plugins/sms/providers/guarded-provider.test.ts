import t, { type Test } from 'tap'
import { createRoad } from '../../../../plugins/sms/providers/guarded-provider.ts'
import { createStopBoard } from '../../../../plugins/sms/providers/suspension-store.ts'
import { failureOf, holdsNo, message } from '../../../contracts/sms-provider.ts'
import { createClock } from '../../../support/helper.ts'
import { createScripted } from './fixture.ts'

function open (t: Test) {
  const provider = createScripted('scripted', ['sms', 'whatsapp'])
  const clock = createClock()
  const counted: string[] = []
  const log = { info () {}, warn () {}, error () {} }
  const count = (name: string, outcome: string) => { counted.push(`${name} ${outcome}`) }
  const road = createRoad(provider, { board: createStopBoard(undefined), now: clock.now, log, count, times: { windowMs: 10_000, openMs: 60_000, minimumCalls: 2 } })
  t.teardown(road.close)
  return { provider, road, clock, counted }
}

t.test('a road has the name and the channels of its provider', async (t) => {
  const { road } = open(t)
  t.match(road, { name: 'scripted', channels: ['sms', 'whatsapp'], isStopped: false })
})

t.test('every call is counted by its outcome, and none that was not made', async (t) => {
  const { provider, road, counted } = open(t)
  await road.send(message)
  for (const failure of ['busy', 'recipient', 'refused', 'sender'] as const) {
    provider.script.push(failure)
    t.match(await failureOf(t, road.send(message)), { failure })
  }
  t.equal(road.isStopped, true)
  t.match(await failureOf(t, road.send(message)), { failure: 'closed' })
  t.same(counted, ['scripted sent', 'scripted busy', 'scripted recipient', 'scripted refused', 'scripted sender'])
})

t.test('a provider that fails as nobody foresaw may have sent it, and what it says stays inside', async (t) => {
  const { provider, road, counted } = open(t)
  provider.script.push(new TypeError(`cannot read ${message.to}`))
  const error = await failureOf(t, road.send(message))
  t.match(error, { failure: 'ambiguous', provider: 'scripted' })
  holdsNo(t, [message.to], error)
  t.same(counted, ['scripted ambiguous'])
})

t.test('a probe that meets an open circuit tells nothing of the credentials', async (t) => {
  const { provider, road, clock } = open(t)
  provider.script.push('unreachable', 'unreachable', 'unreachable', 'sender')
  // Under way together, so that the last one comes back when the circuit is open.
  const outcomes = await Promise.all(Array.from({ length: 4 }, async () => await failureOf(t, road.send(message))))
  t.same(outcomes.map(({ failure }) => failure), ['unreachable', 'unreachable', 'unreachable', 'sender'])
  clock.advance(60_000)
  t.match(await failureOf(t, road.send(message)), { failure: 'closed', message: /circuit/ })
  t.equal(road.isStopped, true)
})
