import t from 'tap'
import { systemClock } from '../../../src/process/clock.ts'

t.test('the system clock returns the time and sleeps for the given time', async (t) => {
  const before = Date.now()
  const now = systemClock.now()
  t.ok(now >= before && now <= Date.now())
  const started = performance.now()
  t.equal(await systemClock.sleep(30), undefined)
  // Timers may fire a millisecond early.
  t.ok(performance.now() - started >= 29)
})
