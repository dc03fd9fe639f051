import t, { type Test } from 'tap'
import type { SmsErrorOptions, SmsFailure } from '../../../../plugins/sms/providers/contract.ts'
import { createStop } from '../../../../plugins/sms/providers/suspension.ts'
import { createStopBoard, type StopBoard } from '../../../../plugins/sms/providers/suspension-store.ts'
import { failureOf, message } from '../../../contracts/sms-provider.ts'
import { createClock } from '../../../support/helper.ts'
import { createScripted } from './fixture.ts'

const minute = 60_000

function open (t: Test, board: StopBoard = createStopBoard(undefined)) {
  const clock = createClock()
  const provider = createScripted()
  const lines: Array<{ level: string, fields: object, text: string }> = []
  const writeAt = (level: string) => (fields: object, text: string) => { lines.push({ level, fields, text }) }
  const log = { info: writeAt('info'), error: writeAt('error') }
  const stop = createStop({ provider: provider.name, board, now: clock.now, log })
  const send = async () => await stop.guard(async () => await provider.send(message))
  const fail = async (failure: SmsFailure | Partial<SmsErrorOptions>) => {
    provider.script.push(failure)
    return await failureOf(t, send())
  }
  return { clock, provider, lines, stop, send, fail }
}

const wrong = { failure: 'sender', status: 401, carrierCode: 20003 } as const

t.test('wrong credentials stop the provider for a minute, and one alert says so', async (t) => {
  const { clock, provider, lines, stop, send, fail } = open(t)
  t.equal(await send(), 'scripted-1')
  t.equal(stop.isStopped, false)
  t.match(await fail(wrong), { failure: 'sender' })
  t.equal(stop.isStopped, true)
  t.match(lines, [{ level: 'error', fields: { provider: 'scripted', status: 401, carrierCode: 20003 }, text: /^SMS provider stopped/ }])
  for (const passed of [0, 1, minute - 2]) {
    clock.advance(passed)
    t.match(await failureOf(t, send()), { failure: 'closed', provider: 'scripted' })
  }
  t.match(await failureOf(t, send()), { retryAfterMs: 1 })
  t.equal(provider.messages.length, 2)
  t.equal(lines.length, 1)
})

t.test('fifty messages under way together cause one alert', async (t) => {
  const { provider, lines, send } = open(t)
  provider.script.push(...Array.from({ length: 50 }, () => wrong))
  await Promise.all(Array.from({ length: 50 }, async () => await failureOf(t, send())))
  t.equal(provider.messages.length, 50)
  t.equal(lines.length, 1)
})

t.test('after the minute one message is the probe, and when it is taken all go again', async (t) => {
  const { clock, provider, lines, stop, send, fail } = open(t)
  await fail(wrong)
  clock.advance(minute)
  const [probe, other] = await Promise.all([send(), failureOf(t, send())])
  t.equal(probe, 'scripted-2')
  t.match(other, { failure: 'closed', retryAfterMs: 1000 })
  t.equal(stop.isStopped, false)
  t.match(lines.slice(1), [{ level: 'info', fields: { provider: 'scripted' }, text: 'SMS provider works again' }])
  t.equal(await send(), 'scripted-3')
  t.equal(provider.messages.length, 3)
})

t.test('a probe that meets the same stops it for another minute, without another alert', async (t) => {
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
  t.test(`a probe that is answered ${failure} shows that the credentials are taken`, async (t) => {
    const { clock, stop, send, fail } = open(t)
    await fail(wrong)
    clock.advance(minute)
    t.match(await fail(failure), { failure })
    t.equal(stop.isStopped, false)
    t.match(await send(), /scripted/)
  })
}

for (const failure of ['busy', 'unreachable', 'ambiguous', 'closed'] as const) {
  t.test(`a probe that ends ${failure} tells nothing: the next message is the probe`, async (t) => {
    const { clock, stop, send, fail } = open(t)
    await fail(wrong)
    clock.advance(minute)
    t.match(await fail(failure), { failure })
    t.equal(stop.isStopped, true)
    t.match(await send(), /scripted/)
    t.equal(stop.isStopped, false)
  })
}

t.test('who was told by another instance does not repeat the alert', async (t) => {
  const board = { ...createStopBoard(undefined), put: async () => false }
  const { lines, stop, fail } = open(t, board)
  await fail(wrong)
  t.equal(stop.isStopped, true)
  t.same(lines, [])
})
