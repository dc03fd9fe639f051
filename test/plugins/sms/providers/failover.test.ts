import t from 'tap'
import { createFailover } from '../../../../plugins/sms/providers/failover.ts'
import type { SmsErrorOptions, SmsFailure } from '../../../../plugins/sms/providers/contract.ts'
import { failureOf, message } from '../../../contracts/sms-provider.ts'
import { createScripted } from './fixture.ts'

for (const failure of ['busy', 'unreachable', 'refused', 'sender', 'closed'] as const) {
  t.test(`if the first provider is ${failure}, the second one sends the same message`, async (t) => {
    const [first, second] = [createScripted('first'), createScripted('second')]
    first.script.push(failure)
    t.same(await createFailover([first, second]).send(message), { provider: 'second', messageId: 'second-1' })
    t.same(first.messages, [message])
    t.same(second.messages, [message])
  })
}

for (const failure of ['ambiguous', 'recipient'] as const) {
  t.test(`${failure} ends the attempt: the second provider is not called`, async (t) => {
    const [first, second] = [createScripted('first'), createScripted('second')]
    first.script.push(failure)
    t.match(await failureOf(t, createFailover([first, second]).send(message)), { failure, provider: 'first' })
    t.same(second.messages, [])
  })
}

t.test('every attempt begins with the first provider', async (t) => {
  const [first, second] = [createScripted('first'), createScripted('second')]
  first.script.push('busy')
  const failover = createFailover([first, second])
  for (const provider of ['second', 'first', 'first']) t.match(await failover.send(message), { provider })
})

t.test('a provider without the channel is skipped', async (t) => {
  const [texts, both] = [createScripted('texts'), createScripted('both', ['sms', 'whatsapp'])]
  t.match(await createFailover([texts, both]).send({ ...message, channel: 'whatsapp' }), { provider: 'both' })
  t.same(texts.messages, [])
  t.match(await failureOf(t, createFailover([texts]).send({ ...message, channel: 'whatsapp' })), { failure: 'refused' })
})

type Failed = SmsFailure | Partial<SmsErrorOptions>

const verdicts: Array<{ what: string, failures: Failed[], expected: object }> = [
  { what: 'the last refusal is thrown', failures: ['refused', 'sender'], expected: { failure: 'sender', provider: 'provider 1' } },
  {
    what: 'a temporary failure has precedence over a refusal',
    failures: [{
      failure: 'busy', retryAfterMs: 9000
    }, 'refused'],
    expected: { failure: 'busy', provider: 'provider 0', retryAfterMs: 9000 }
  },
  {
    what: 'an unreachable provider has precedence over a refusal',
    failures: ['unreachable', 'sender'],
    expected: { failure: 'unreachable', provider: 'provider 0' }
  },
  {
    what: 'of two temporary failures the last one is thrown',
    failures: ['unreachable', 'busy'],
    expected: { failure: 'busy', provider: 'provider 1' }
  },
  {
    what: 'if all are closed, the shortest closure is thrown',
    failures: [{ failure: 'closed', retryAfterMs: 5000 }, {
      failure: 'closed', retryAfterMs: 60
    }, { failure: 'closed', retryAfterMs: 900 }],
    expected: { failure: 'closed', provider: 'provider 1', retryAfterMs: 60 }
  },
  {
    what: 'a closed provider beside a refusal is busy, because an attempt was made',
    failures: [{ failure: 'closed', retryAfterMs: 5000 }, 'refused'],
    expected: { failure: 'busy', provider: 'provider 0', retryAfterMs: 5000 }
  },
  {
    what: 'a closed provider beside a busy one is ignored',
    failures: [{ failure: 'closed', retryAfterMs: 5000 }, { failure: 'busy', retryAfterMs: 10 }],
    expected: { failure: 'busy', provider: 'provider 1', retryAfterMs: 10 }
  }
]

for (const { what, failures, expected } of verdicts) {
  t.test(what, async (t) => {
    const providers = failures.map((failure, index) => {
      const provider = createScripted(`provider ${index}`)
      provider.script.push(failure)
      return provider
    })
    t.match(await failureOf(t, createFailover(providers).send(message)), expected)
  })
}
