import { Cluster, Redis } from 'ioredis'
import t from 'tap'
import { createTimeouts } from '../../../src/config/timeouts.ts'
import { createDeadlines } from '../../../src/redis/deadlines.ts'
import { UnavailableError } from '../../../src/http/errors.ts'
import { serviceUrl } from '../../support/databases.ts'

/** Long enough that a pause of a loaded machine does not matter. */
const commandTimeout = 8000
/** Bounds of a deadline, from the time of the server a moment later. */
const isNearTimeout = (milliseconds: number) => milliseconds > 2000 && milliseconds < commandTimeout + 2000

const redis = new Redis(serviceUrl('TEST_REDIS_URL'), { commandTimeout })
t.teardown(() => { redis.disconnect() })

async function serverTime (): Promise<number> {
  const [seconds, microseconds] = await redis.time()
  return Number(seconds) * 1000 + Number(microseconds) / 1000
}

/** Returns the milliseconds from the time of the server to the deadline that a script gets. */
async function distanceOf (deadlines: ReturnType<typeof createDeadlines>): Promise<number> {
  let deadline = 0
  await deadlines.run(async (given) => {
    deadline = given
    return ['sent']
  })
  return deadline - await serverTime()
}

t.test('a deadline follows the clock of the server, however wrong the clock of the process is', async (t) => {
  const { now } = Date
  for (const error of [0, 3_600_000, -86_400_000]) {
    Date.now = () => now() + error
    t.teardown(() => { Date.now = now })
    const distance = await distanceOf(createDeadlines(redis))
    Date.now = now
    t.ok(isNearTimeout(distance), `${error} ms off: ${distance} ms`)
  }
})

t.test('a deadline follows the command timeout of the client or the default one, also in a cluster', async (t) => {
  const reply = async () => ['0', '0'] as [number, number] | string[]
  const single = new Redis({ commandTimeout: 5000, lazyConnect: true })
  const cluster = new Cluster([], { lazyConnect: true, redisOptions: { commandTimeout: 5000 } })
  const unlimited = new Redis({ lazyConnect: true })
  t.teardown(() => { for (const client of [single, cluster, unlimited]) client.disconnect() })
  for (const [client, least] of [[single, 4950], [cluster, 4950], [unlimited, createTimeouts(undefined).commandMs - 50]] as const) {
    t.intercept(client, 'time', { value: reply })
    const deadlines = createDeadlines(client)
    let deadline = 0
    await deadlines.run(async (given) => {
      deadline = given
      return ['sent']
    })
    // The clock of the server is at 0.
    t.ok(deadline >= least && deadline < least + 10_000, String(deadline))
  }
})

t.test('a step that arrives too late is unavailable, and the clocks are compared again', async (t) => {
  const deadlines = createDeadlines(redis)
  await distanceOf(deadlines)
  const { now } = Date
  // The clock of the process is set while the service runs, by less than the time for which an offset is trusted.
  Date.now = () => now() - 9500
  t.teardown(() => { Date.now = now })
  const late = await distanceOf(deadlines)
  t.ok(late < 0, 'the deadline has passed until the new offset is measured')
  await t.rejects(deadlines.run(async () => ['late']), UnavailableError)
  t.ok(isNearTimeout(await distanceOf(deadlines)))
})
