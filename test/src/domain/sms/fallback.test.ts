import t from 'tap'
import { deliveryIdPattern } from '../../../../src/domain/sms/delivery-id.ts'
import { createDelivery } from '../../../../src/domain/sms/delivery-rules.ts'
import { fallbackIdOf, fallsBack, findLatest } from '../../../../src/domain/sms/fallback.ts'

const id = 'x5Zk0yB3mQhW2vTn8sLdRg'
const failed = { ...createDelivery({ challengeId: 'c', channel: 'whatsapp' }, 0), state: 'failed', reason: 'whatsapp_failed' } as const

t.test('the id of an SMS that follows has the form of other ids and is always the same', async (t) => {
  t.match(fallbackIdOf(id), new RegExp(deliveryIdPattern))
  t.equal(fallbackIdOf(id), fallbackIdOf(id))
  t.not(fallbackIdOf(id), id)
})

t.test('an SMS follows only after WhatsApp failed for a client that does not insist on it', async (t) => {
  t.equal(fallsBack(failed), true)
  for (const change of [
    { state: 'sent' }, { reason: 'not_sent' }, { reason: undefined }, { channel: 'whatsapp_only' }, { channel: 'sms' }
  ] as const) t.equal(fallsBack({ ...failed, ...change }), false, JSON.stringify(change))
})

t.test('the latest delivery is the SMS that follows, which is queued until it is stored', async (t) => {
  const sms = { ...createDelivery({ challengeId: 'c' }, 5), state: 'sent' } as const
  const find = (...stored: Array<[string, typeof failed | typeof sms]>) => async (key: string) => new Map<string, typeof failed | typeof sms>(stored).get(key)
  t.equal(await findLatest(find(), id), undefined)
  t.equal(await findLatest(find([id, sms]), id), sms)
  t.equal(await findLatest(find([id, failed], [fallbackIdOf(id), sms]), id), sms)
  t.match(await findLatest(find([id, failed]), id), { state: 'queued', challengeId: 'c', queuedAt: 0 })
})
