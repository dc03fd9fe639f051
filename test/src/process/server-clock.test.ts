import t from 'tap'
import health from '../../../plugins/platform/health.ts'
import { createServerClock, followServerClock } from '../../../src/process/server-clock.ts'
import { systemClock } from '../../../src/process/clock.ts'
import { compose } from '../../support/compose.ts'
import { createClock } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'

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
  let distance: number | undefined = 5000
  let measurements = 0
  const measure = async () => {
    measurements += 1
    if (distance === undefined) throw new Error('no reply')
    return distance
  }
  const untilMeasured = async () => {
    const enough = measurements + 2
    await until('it is measured again', () => measurements >= enough)
  }
  const clock = createServerClock(systemClock)
  await followServerClock(app, { server: 'redis', clock, measure, everyMs: 1 })
  t.strictSame([...await app.health.report()], [['clock:redis', 'degraded']])
  await untilMeasured()
  distance = undefined
  await untilMeasured()
  t.strictSame([...await app.health.report()], [['clock:redis', 'degraded']], 'without a reply the last measurement counts')
  distance = 0
  await until('it is not degraded', async () => (await app.health.report()).size === 0)
  await untilMeasured()
  t.match(log.filter(({ level }) => level >= 30), [
    { level: 50, server: 'redis', msg: /^the clock of this machine is wrong/ },
    { level: 30, server: 'redis', msg: /^the clock of this machine agrees/ }
  ])
  t.equal(log.filter(({ level }) => level >= 30).length, 2)
})
