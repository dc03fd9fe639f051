import t, { type Test } from 'tap'
import type { SmsFailure } from '../../../../plugins/sms/providers/contract.ts'
import { createProviderHealth } from '../../../../plugins/sms/providers/provider-health.ts'
import { createSuspensionStore, suspensionMs } from '../../../../plugins/sms/providers/suspension-store.ts'
import { failureOf, message } from '../../../contracts/sms-provider.ts'
import { createClock } from '../../../support/helper.ts'
import { createScripted } from './fixture.ts'

const times = { windowMs: 10_000, outageMs: 1000, minimumCalls: 10 }

function open () {
  const clock = createClock()
  const provider = createScripted()
  const lines: string[] = []
  const write = (_fields: object, text: string) => { lines.push(text) }
  const health = createProviderHealth({
    provider: provider.name, store: createSuspensionStore(undefined), now: clock.now, log: { info: write, warn: write, error () {} }, times
  })
  const send = async () => await health.guard(async () => await provider.send(message))
  return { clock, provider, health, send, lines }
}

type Fixture = ReturnType<typeof open>

async function fail (t: Test, { provider, send }: Fixture, { failure, count }: { failure: SmsFailure, count: number }): Promise<void> {
  for (; count > 0; count--) {
    provider.script.push(failure)
    t.equal((await failureOf(t, send())).failure, failure)
  }
}

t.test('calls are made, and their failures are thrown', async (t) => {
  const fixture = open()
  t.equal(await fixture.send(), 'scripted-1')
  await fail(t, fixture, { failure: 'unreachable', count: 1 })
  t.same(fixture.provider.messages, [message, message])
})

for (const failure of ['unreachable', 'ambiguous'] as const) {
  t.test(`ten calls that end ${failure} start an outage, and the error has the time until the probe`, async (t) => {
    const fixture = open()
    await fail(t, fixture, { failure, count: 10 })
    const error = await failureOf(t, fixture.send())
    t.match(error, { failure: 'closed', provider: 'scripted' })
    const { retryAfterMs = 0 } = error
    t.ok(retryAfterMs > 0 && retryAfterMs <= times.outageMs, `${retryAfterMs} ms`)
    t.equal(fixture.provider.messages.length, 10, 'the provider is not called')
    t.same(fixture.lines, ['SMS provider does not answer: its circuit is open'])
  })
}

for (const failure of ['busy', 'recipient', 'refused'] as const) {
  t.test(`${failure} is a reply: it starts no outage`, async (t) => {
    const fixture = open()
    await fail(t, fixture, { failure, count: 30 })
    t.equal(await fixture.send(), 'scripted-31')
    t.same(fixture.lines, [])
  })
}

t.test('refused credentials are a reply: they start no outage', async (t) => {
  const { clock, provider, send, lines } = open()
  provider.script.push(...Array.from({ length: 30 }, () => 'sender' as const))
  const errors = await Promise.all(Array.from({ length: 30 }, async () => await failureOf(t, send())))
  t.same(new Set(errors.map(({ failure }) => failure)), new Set(['sender']))
  t.same(lines, [])
  clock.advance(suspensionMs)
  t.equal(await send(), 'scripted-31')
})

t.test('half of the calls may fail, and nine failures do not start an outage', async (t) => {
  const fixture = open()
  await fail(t, fixture, { failure: 'unreachable', count: 9 })
  for (let count = 0; count < 9; count++) await fixture.send()
  t.same(fixture.lines, [])
  await fail(t, fixture, { failure: 'unreachable', count: 1 })
  t.equal(fixture.lines.length, 1, 'more than half is an outage')
})

t.test('after an outage one message is the probe, and the others wait for its outcome', async (t) => {
  const fixture = open()
  await fail(t, fixture, { failure: 'unreachable', count: 10 })
  fixture.clock.advance(times.outageMs)
  const [probe, other] = await Promise.all([fixture.send(), failureOf(t, fixture.send())])
  t.equal(probe, 'scripted-11')
  t.match(other, { failure: 'closed', retryAfterMs: 1000 })
  t.equal(await fixture.send(), 'scripted-12', 'the outage is over')
  t.same(fixture.lines, ['SMS provider does not answer: its circuit is open', 'SMS provider answers again'])
})

t.test('a failed probe prolongs the outage, without another log line', async (t) => {
  const fixture = open()
  await fail(t, fixture, { failure: 'ambiguous', count: 10 })
  fixture.clock.advance(times.outageMs)
  await fail(t, fixture, { failure: 'unreachable', count: 1 })
  t.match(await failureOf(t, fixture.send()), { failure: 'closed' })
  t.equal(fixture.lines.length, 1)
})

t.test('after close the provider is not called, and messages do not wait for it', async (t) => {
  const { provider, health, send } = open()
  health.close()
  t.match(await failureOf(t, send()), { failure: 'unreachable', message: /closing$/ })
  t.same(provider.messages, [])
})

t.test('failures older than the window do not count', async (t) => {
  const fixture = open()
  await fail(t, fixture, { failure: 'unreachable', count: 9 })
  fixture.clock.advance(times.windowMs)
  await fail(t, fixture, { failure: 'unreachable', count: 9 })
  t.same(fixture.lines, [])
  fixture.clock.advance(times.windowMs / 2)
  await fail(t, fixture, { failure: 'unreachable', count: 1 })
  t.equal(fixture.lines.length, 1)
})

t.test('a call that fails during an outage neither prolongs it nor is logged again', async (t) => {
  const fixture = open()
  const { clock, provider, send, lines } = fixture
  provider.script.push(...Array.from({ length: 20 }, () => 'unreachable' as const))
  await Promise.all(Array.from({ length: 20 }, async () => await failureOf(t, send())))
  t.equal(lines.length, 1)
  clock.advance(times.outageMs)
  t.equal(await send(), 'scripted-21')
})

t.test('a clock that is set back ends an outage', async (t) => {
  const fixture = open()
  await fail(t, fixture, { failure: 'unreachable', count: 10 })
  fixture.clock.advance(-3_600_000)
  t.equal(await fixture.send(), 'scripted-11')
})
