import t, { type Test } from 'tap'
import { guardProvider } from '../../../../plugins/sms/providers/guarded-provider.ts'
import { createSuspensionStore } from '../../../../plugins/sms/providers/suspension-store.ts'
import { failureOf, checkNoSecrets, message } from '../../../contracts/sms-provider.ts'
import { createClock } from '../../../support/helper.ts'
import { createScripted } from './fixture.ts'

function open (t: Test) {
  const provider = createScripted('scripted', ['sms', 'whatsapp'])
  const clock = createClock()
  const counted: string[] = []
  const log = { info () {}, warn () {}, error () {} }
  const count = (name: string, outcome: string) => { counted.push(`${name} ${outcome}`) }
  const guarded = guardProvider(provider, {
    store: createSuspensionStore(undefined), now: clock.now, log, count, times: { windowMs: 10_000, outageMs: 61_000, minimumCalls: 2 }
  })
  t.teardown(guarded.close)
  return { provider, guarded, clock, counted }
}

t.test('a guarded provider has the name and the channels of its provider', async (t) => {
  const { guarded } = open(t)
  t.match(guarded, { name: 'scripted', channels: ['sms', 'whatsapp'], isSuspended: false })
})

t.test('every call is counted by its outcome, and a refused message is not', async (t) => {
  const { provider, guarded, counted } = open(t)
  await guarded.send(message)
  for (const failure of ['busy', 'recipient', 'refused', 'sender'] as const) {
    provider.script.push(failure)
    t.match(await failureOf(t, guarded.send(message)), { failure })
  }
  t.equal(guarded.isSuspended, true)
  t.match(await failureOf(t, guarded.send(message)), { failure: 'closed' })
  t.same(counted, ['scripted sent', 'scripted busy', 'scripted recipient', 'scripted refused', 'scripted sender'])
})

t.test('an unexpected error is ambiguous, and its text is not passed on', async (t) => {
  const { provider, guarded, counted } = open(t)
  provider.script.push(new TypeError(`cannot read ${message.to}`))
  const error = await failureOf(t, guarded.send(message))
  t.match(error, { failure: 'ambiguous', provider: 'scripted' })
  checkNoSecrets(t, [message.to], error)
  t.same(counted, ['scripted ambiguous'])
})

t.test('a suspension lasts while an outage prevents its probe', async (t) => {
  const { provider, guarded, clock } = open(t)
  provider.script.push('unreachable', 'unreachable', 'unreachable', 'sender')
  // In flight together, so that the last one fails during the outage.
  const outcomes = await Promise.all(Array.from({ length: 4 }, async () => await failureOf(t, guarded.send(message))))
  t.same(outcomes.map(({ failure }) => failure), ['unreachable', 'unreachable', 'unreachable', 'sender'])
  clock.advance(60_000)
  t.match(await failureOf(t, guarded.send(message)), { failure: 'closed', message: /circuit/ })
  t.equal(guarded.isSuspended, true)
})
