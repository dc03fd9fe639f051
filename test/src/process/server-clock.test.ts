import t from 'tap'
import health from '../../../plugins/platform/health.ts'
import { createServerClock, followServerClock } from '../../../src/process/server-clock.ts'
import { systemClock } from '../../../src/process/clock.ts'
import { compose } from '../../support/compose.ts'
import { createClock } from '../../support/helper.ts'

const isNow = (milliseconds: number) => Math.abs(milliseconds - Date.now()) < 60_000

t.test('a clock agrees with its instance until it follows a server that is more than two seconds away', async (t) => {
  const clock = createClock(Date.now())
  const server = createServerClock(clock)
  const distance = () => server.now() - clock.now()
  t.equal(distance(), 0)
  t.equal(server.aheadMs, 0)
  const steps: Array<[distanceMs: number, applied: number]> = [
    [1000, 0], [-1000, 0], [360_000, 360_000], [361_000, 360_000], [359_000, 360_000], [300_000, 300_000], [0, 0], [-86_400_000, -86_400_000]
  ]
  for (const [measured, applied] of steps) {
    server.follow(measured)
    // The distance of this clock from that of the machine is a few milliseconds.
    t.ok(Math.abs(distance() - applied) < 1000, `${measured} ms: ${distance()} ms`)
    t.ok(Math.abs(server.aheadMs + measured) < 1000)
  }
  clock.advance(5000)
  t.ok(Math.abs(distance() + 86_400_000) < 1000, 'time passes on both clocks')
})

t.test('a wrong clock of the instance is corrected, and stays corrected while a test advances it', async (t) => {
  let advanced = 0
  const wrong = { ...systemClock, now: () => Date.now() + 360_000 + advanced }
  const server = createServerClock(wrong)
  server.follow(0)
  t.ok(isNow(server.now()))
  t.ok(Math.abs(server.aheadMs - 360_000) < 1000)
  advanced = 3_600_000
  server.follow(0)
  t.ok(isNow(server.now() - 3_600_000))
  await server.sleep(0)
})

t.test('an instance whose clock is off says so in the log and in its readiness, once in each direction', async (t) => {
  const { app, log } = await compose(t, [health])
  const distances = [5000, 5000, 0, 0]
  const clock = createServerClock(systemClock)
  const states: unknown[] = []
  for (const distance of distances) {
    await followServerClock(app, { server: 'redis', clock: { ...clock, get aheadMs () { return -distance } }, measure: async () => distance })
    states.push([...await app.health.report()])
  }
  t.strictSame(states, [[['clock:redis', 'degraded']], [['clock:redis', 'degraded']], [], []])
  t.equal(log.filter(({ level }) => level === 50).length, 2, 'each follower reports once')
})
