import t from 'tap'
import { createMemoryOtpStore } from '../../../../plugins/auth/otp-store/memory.ts'
import { testOtpStore } from '../../../contracts/otp-store.ts'
import { createNumber, day, hour, second } from '../../../contracts/otp-store/number.ts'

testOtpStore(t, async () => createMemoryOtpStore())

t.test('a sweep deletes expired device allowances and codes, and retains the others', async (t) => {
  const store = createMemoryOtpStore()
  const stranger = createNumber(store, { sendsPerDay: 1 })
  const device = createNumber(store, { of: stranger, device: 'known', sendsPerDay: 1 })
  await stranger.challenge()
  device.pass(60 * second)
  await device.challenge()
  t.equal(store.sweep(stranger.now + day), 1, 'the device has used a part of its allowance')
  t.equal(store.sweep(device.now + day), 0)
  const change = createNumber(store, { purpose: 'change-7' })
  await change.challenge()
  await store.unlock(change.key.tag)
  t.equal(store.sweep(change.now + 300 * second - 1), 1, 'the code is still live')
  t.equal(store.sweep(change.now + 300 * second), 0)
})

t.test('a sweep deletes only the numbers whose records have expired', async (t) => {
  const store = createMemoryOtpStore()
  const [sent, failed, seen] = [createNumber(store), createNumber(store), createNumber(store)]
  const { now } = sent
  await sent.send()
  await failed.challenge()
  await failed.guess(1)
  await seen.guess(1)
  t.equal(store.sweep(now + hour - 1 * second), 3)
  t.equal(store.sweep(now + hour + 1 * second), 2, 'the SMS of the day remain')
  t.equal(store.sweep(now + day), 1, 'the failure remains')
  failed.pass(day + 2 * hour)
  await failed.challenge()
  await failed.guess(4)
  t.equal((await failed.send()).kind, 'locked', 'the failure still counts')
  t.equal(store.sweep(failed.now + 400 * day), 0)
})
