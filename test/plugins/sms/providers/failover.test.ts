import t from 'tap'
import { createSender } from '../../../../plugins/sms/providers/failover.ts'
import type { SmsErrorOptions, SmsFailure } from '../../../../plugins/sms/providers/contract.ts'
import { failureOf, message } from '../../../contracts/sms-provider.ts'
import { createScripted } from './fixture.ts'

for (const failure of ['busy', 'unreachable', 'refused', 'sender', 'closed'] as const) {
  t.test(`where the first road is ${failure} the second takes the same message`, async (t) => {
    const [first, second] = [createScripted('first'), createScripted('second')]
    first.script.push(failure)
    t.same(await createSender([first, second]).send(message), { provider: 'second', messageId: 'second-1' })
    t.same(first.messages, [message])
    t.same(second.messages, [message])
  })
}

for (const failure of ['ambiguous', 'recipient'] as const) {
  t.test(`${failure} ends the attempt: the second road is not asked`, async (t) => {
    const [first, second] = [createScripted('first'), createScripted('second')]
    first.script.push(failure)
    t.match(await failureOf(t, createSender([first, second]).send(message)), { failure, provider: 'first' })
    t.same(second.messages, [])
  })
}

t.test('the first road is asked first each time', async (t) => {
  const [first, second] = [createScripted('first'), createScripted('second')]
  first.script.push('busy')
  const sender = createSender([first, second])
  for (const provider of ['second', 'first', 'first']) t.match(await sender.send(message), { provider })
})

t.test('a road without the channel is passed over', async (t) => {
  const [texts, both] = [createScripted('texts'), createScripted('both', ['sms', 'whatsapp'])]
  t.match(await createSender([texts, both]).send({ ...message, channel: 'whatsapp' }), { provider: 'both' })
  t.same(texts.messages, [])
  t.match(await failureOf(t, createSender([texts]).send({ ...message, channel: 'whatsapp' })), { failure: 'refused' })
})

type Failed = SmsFailure | Partial<SmsErrorOptions>

const verdicts: Array<{ what: string, failures: Failed[], expected: object }> = [
  { what: 'the last refusal is told', failures: ['refused', 'sender'], expected: { failure: 'sender', provider: 'road 1' } },
  { what: 'a road that may take it later goes before a refusal', failures: [{ failure: 'busy', retryAfterMs: 9000 }, 'refused'], expected: { failure: 'busy', provider: 'road 0', retryAfterMs: 9000 } },
  { what: 'so does one that could not be reached', failures: ['unreachable', 'sender'], expected: { failure: 'unreachable', provider: 'road 0' } },
  { what: 'of two that may, the last', failures: ['unreachable', 'busy'], expected: { failure: 'busy', provider: 'road 1' } },
  {
    what: 'with all closed the first to open says when',
    failures: [{ failure: 'closed', retryAfterMs: 5000 }, { failure: 'closed', retryAfterMs: 60 }, { failure: 'closed', retryAfterMs: 900 }],
    expected: { failure: 'closed', provider: 'road 1', retryAfterMs: 60 }
  },
  {
    what: 'a closed one beside a refusal may take it later, but an attempt it was',
    failures: [{ failure: 'closed', retryAfterMs: 5000 }, 'refused'],
    expected: { failure: 'busy', provider: 'road 0', retryAfterMs: 5000 }
  },
  {
    what: 'a closed one beside a busy one is not waited for',
    failures: [{ failure: 'closed', retryAfterMs: 5000 }, { failure: 'busy', retryAfterMs: 10 }],
    expected: { failure: 'busy', provider: 'road 1', retryAfterMs: 10 }
  }
]

for (const { what, failures, expected } of verdicts) {
  t.test(what, async (t) => {
    const roads = failures.map((failure, index) => {
      const road = createScripted(`road ${index}`)
      road.script.push(failure)
      return road
    })
    t.match(await failureOf(t, createSender(roads).send(message)), expected)
  })
}
