import t, { type Test } from 'tap'
import type { SmsErrorOptions, SmsFailure } from '../../../../plugins/sms/providers/contract.ts'
import { createProviderHealth } from '../../../../plugins/sms/providers/provider-health.ts'
import { createSuspensionStore, type SuspensionStore } from '../../../../plugins/sms/providers/suspension-store.ts'
import { failureOf, message } from '../../../contracts/sms-provider.ts'
import { createClock } from '../../../support/helper.ts'
import { createScripted } from './fixture.ts'

const minute = 60_000

function open (t: Test, store: SuspensionStore = createSuspensionStore(undefined)) {
  const clock = createClock()
  const provider = createScripted()
  const lines: Array<{ level: string, fields: object, text: string }> = []
  const writeAt = (level: string) => (fields: object, text: string) => { lines.push({ level, fields, text }) }
  const log = { info: writeAt('info'), warn: writeAt('warn'), error: writeAt('error') }
  const health = createProviderHealth({ provider: provider.name, store, now: clock.now, log })
  const send = async () => await health.guard(async () => await provider.send(message))
  const fail = async (failure: SmsFailure | Partial<SmsErrorOptions>) => {
    provider.script.push(failure)
    return await failureOf(t, send())
  }
  return { clock, provider, lines, health, send, fail }
}

const wrong = { failure: 'sender', status: 401, carrierCode: 20003 } as const

t.test('wrong credentials suspend the provider for a minute, with one alert', async (t) => {
  const { clock, provider, lines, health, send, fail } = open(t)
  t.equal(await send(), 'scripted-1')
  t.equal(health.isSuspended, false)
  t.match(await fail(wrong), { failure: 'sender' })
  t.equal(health.isSuspended, true)
  t.match(lines, [{ level: 'error', fields: { provider: 'scripted', status: 401, carrierCode: 20003 }, text: /^SMS provider suspended/ }])
  for (const passed of [0, 1, minute - 2]) {
    clock.advance(passed)
    t.match(await failureOf(t, send()), { failure: 'closed', provider: 'scripted' })
  }
  t.match(await failureOf(t, send()), { retryAfterMs: 1 })
  t.equal(provider.messages.length, 2)
  t.equal(lines.length, 1)
})

t.test('fifty messages in flight together cause one alert', async (t) => {
  const { provider, lines, send } = open(t)
  provider.script.push(...Array.from({ length: 50 }, () => wrong))
  await Promise.all(Array.from({ length: 50 }, async () => await failureOf(t, send())))
  t.equal(provider.messages.length, 50)
  t.equal(lines.length, 1)
})

t.test('after the minute one message is the probe, and its success ends the suspension', async (t) => {
  const { clock, provider, lines, health, send, fail } = open(t)
  await fail(wrong)
  clock.advance(minute)
  const [probe, other] = await Promise.all([send(), failureOf(t, send())])
  t.equal(probe, 'scripted-2')
  t.match(other, { failure: 'closed', retryAfterMs: 1000 })
  t.equal(health.isSuspended, false)
  t.match(lines.slice(1), [{ level: 'info', fields: { provider: 'scripted' }, text: 'SMS provider works again' }])
  t.equal(await send(), 'scripted-3')
  t.equal(provider.messages.length, 3)
})

t.test('a probe that is refused as well prolongs the suspension by a minute, without another alert', async (t) => {
  const { clock, provider, lines, send, fail } = open(t)
  await fail(wrong)
  for (let count = 0; count < 3; count++) {
    clock.advance(minute)
    t.match(await fail(wrong), { failure: 'sender' })
    t.match(await failureOf(t, send()), { failure: 'closed', retryAfterMs: minute })
  }
  t.equal(provider.messages.length, 4)
  t.equal(lines.length, 1)
})

for (const failure of ['recipient', 'refused'] as const) {
  t.test(`a probe that ends ${failure} shows that the credentials are accepted`, async (t) => {
    const { clock, health, send, fail } = open(t)
    await fail(wrong)
    clock.advance(minute)
    t.match(await fail(failure), { failure })
    t.equal(health.isSuspended, false)
    t.match(await send(), /scripted/)
  })
}

for (const failure of ['busy', 'unreachable', 'ambiguous', 'closed'] as const) {
  t.test(`a probe that ends ${failure} shows nothing about the credentials: the next message is the probe`, async (t) => {
    const { clock, health, send, fail } = open(t)
    await fail(wrong)
    clock.advance(minute)
    t.match(await fail(failure), { failure })
    t.equal(health.isSuspended, true)
    t.match(await send(), /scripted/)
    t.equal(health.isSuspended, false)
  })
}

t.test('an instance does not repeat the alert of another instance', async (t) => {
  const store = { ...createSuspensionStore(undefined), put: async () => false }
  const { lines, health, fail } = open(t, store)
  await fail(wrong)
  t.equal(health.isSuspended, true)
  t.same(lines, [])
})
