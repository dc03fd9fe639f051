import t from 'tap'
import { createMemoryOtpStore } from '../../../plugins/otp-store/memory.ts'
import { testOtpStore } from '../../contracts/otp-store.ts'
import { createNumber, day, hour, second } from '../../contracts/otp-store/number.ts'

testOtpStore(t, async () => createMemoryOtpStore())

t.test('a sweep drops the numbers that time has ended, and no others', async (t) => {
  const store = createMemoryOtpStore()
  const [sent, failed, seen] = [createNumber(store), createNumber(store), createNumber(store)]
  const { now } = sent
  await sent.send()
  await failed.challenge()
  await failed.guess(1)
  await seen.guess(1)
  t.equal(store.sweep(now + hour - 1 * second), 3)
  t.equal(store.sweep(now + hour + 1 * second), 2, 'what is left are SMS of the day')
  t.equal(store.sweep(now + day), 1, 'what is left is a failure')
  failed.pass(day + 2 * hour)
  await failed.challenge()
  await failed.guess(4)
  t.equal((await failed.send()).kind, 'locked', 'which still counts')
  t.equal(store.sweep(failed.now + 400 * day), 0)
})
