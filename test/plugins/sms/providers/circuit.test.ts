import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createCircuit } from '../../../../plugins/sms/providers/circuit.ts'
import type { SmsFailure } from '../../../../plugins/sms/providers/contract.ts'
import { failureOf, message } from '../../../contracts/sms-provider.ts'
import { createScripted } from './fixture.ts'

const times = { windowMs: 10_000, openMs: 1000, minimumCalls: 10 }

function open (t: Test) {
  const provider = createScripted()
  const lines: string[] = []
  const write = (_fields: object, text: string) => { lines.push(text) }
  const log = { info: write, warn: write }
  const circuit = createCircuit(provider, log, times)
  t.teardown(circuit.close)
  return { provider, circuit, lines }
}

type World = ReturnType<typeof open>

async function fail (t: Test, { provider, circuit }: World, { failure, count }: { failure: SmsFailure, count: number }): Promise<void> {
  for (; count > 0; count--) {
    provider.script.push(failure)
    t.equal((await failureOf(t, circuit.send(message))).failure, failure)
  }
}

t.test('calls go through, and their failures come back', async (t) => {
  const world = open(t)
  t.equal(await world.circuit.send(message), 'scripted-1')
  await fail(t, world, { failure: 'unreachable', count: 1 })
  t.same(world.provider.messages, [message, message])
})

for (const failure of ['unreachable', 'ambiguous'] as const) {
  t.test(`ten calls that end ${failure} open it, and it says until when`, async (t) => {
    const world = open(t)
    await fail(t, world, { failure, count: 10 })
    const error = await failureOf(t, world.circuit.send(message))
    t.match(error, { failure: 'closed', provider: 'scripted' })
    const { retryAfterMs = 0 } = error
    t.ok(retryAfterMs > 0 && retryAfterMs <= times.openMs, `${retryAfterMs} ms`)
    t.equal(world.provider.messages.length, 10, 'nobody is asked')
    t.same(world.lines, ['SMS provider does not answer: its circuit is open'])
  })
}

for (const failure of ['busy', 'recipient', 'refused', 'sender'] as const) {
  t.test(`who answers ${failure} answers: it stays closed`, async (t) => {
    const world = open(t)
    await fail(t, world, { failure, count: 30 })
    t.equal(await world.circuit.send(message), 'scripted-31')
    t.same(world.lines, [])
  })
}

t.test('half of the calls may fail, and nine of them tell nothing', async (t) => {
  const world = open(t)
  await fail(t, world, { failure: 'unreachable', count: 9 })
  for (let count = 0; count < 9; count++) await world.circuit.send(message)
  t.same(world.lines, [])
  await fail(t, world, { failure: 'unreachable', count: 1 })
  t.equal(world.lines.length, 1, 'more than half may not')
})

t.test('one probe goes through when its time is over; the others wait for what it comes to', async (t) => {
  const world = open(t)
  await fail(t, world, { failure: 'unreachable', count: 10 })
  await sleep(times.openMs + 50)
  const [probe, other] = await Promise.all([world.circuit.send(message), failureOf(t, world.circuit.send(message))])
  t.equal(probe, 'scripted-11')
  t.match(other, { failure: 'closed', retryAfterMs: 1000 })
  t.equal(await world.circuit.send(message), 'scripted-12', 'it is closed again')
  t.same(world.lines, ['SMS provider does not answer: its circuit is open', 'SMS provider answers again'])
})

t.test('a probe that fails opens it again, without another word', async (t) => {
  const world = open(t)
  await fail(t, world, { failure: 'ambiguous', count: 10 })
  await sleep(times.openMs + 50)
  await fail(t, world, { failure: 'unreachable', count: 1 })
  t.match(await failureOf(t, world.circuit.send(message)), { failure: 'closed' })
  t.equal(world.lines.length, 1)
})

t.test('after close nobody is asked, and nobody waits', async (t) => {
  const { provider, circuit } = open(t)
  circuit.close()
  t.match(await failureOf(t, circuit.send(message)), { failure: 'unreachable', message: /closing$/ })
  t.same(provider.messages, [])
})
