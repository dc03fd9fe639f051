import { randomBytes, randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { rateLimits } from '../../src/domain/auth/limits.ts'
import { openPostgres } from '../support/services/postgres.ts'
import { freePort, openRedis } from '../support/services/redis.ts'
import { startCarrier } from './carrier.ts'
import { startLoad } from './load.ts'
import { createMarkReader, type MarkReader } from './marks.ts'
import { countOutcomes, type Counts, type Kill } from './counts.ts'
import { createTarget, type Target } from './target.ts'

/**
 * `npm run test:faults -- --kills 25` kills the service with SIGKILL at random moments under load, starts it again, and compares
 * the accepted sign-ups with the messages at the carrier. A sign-up that was answered 200 must not be lost. An SMS may be sent
 * twice only if the kill interrupted its carrier call, and then with the same code.
 */
const latencyMs = 150
/** The service runs this long between two kills; after every fifth kill it runs long enough to send everything outstanding. */
const runMs = [200, 2500] as const
const longRunMs = 9000
const longRunEvery = 5
/** Requirement: SMS that were outstanding at a kill are sent within this time after the restart. */
const sentWithinMs = 10_000
const limits = [
  'LIMIT_SENDS_PER_PHONE_HOUR', 'LIMIT_SENDS_PER_PHONE_DAY', ...rateLimits.map(({ setting }) => setting)
]

interface Outcome extends Counts {
  repeated: number
  /** Number of deliveries by the state of their marks. */
  states: Record<string, number>
}

function readKills (): number {
  const { values } = parseArgs({ options: { kills: { type: 'string', default: '25' } } })
  if (!/^[1-9]\d{0,3}$/.test(values.kills)) throw new Error('--kills must be a number from 1 to 9999')
  return Number(values.kills)
}

async function killRepeatedly (target: Target, marks: MarkReader, count: number): Promise<Kill[]> {
  const kills: Kill[] = []
  for (let number = 1; number <= count; number++) {
    await sleep(randomInt(...runMs))
    const killedAt = Date.now()
    await target.kill()
    const interrupted = await marks.readInterrupted()
    await target.start()
    kills.push({ killedAt, restartedAt: Date.now(), interrupted })
    if (number % longRunEvery === 0) await sleep(longRunMs)
  }
  return kills
}

async function run (count: number): Promise<Outcome> {
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-faults-'))
  opened.defer(async () => { await rm(folder, { recursive: true, force: true }) })
  const redis = await openRedis({}, ['--appendonly', 'yes', '--dir', folder, '--maxmemory-policy', 'noeviction'])
  opened.defer(redis.stop)
  const marks = createMarkReader(redis.url)
  opened.defer(marks.close)
  const postgres = await openPostgres()
  opened.defer(postgres.stop)
  const carrier = await startCarrier(latencyMs)
  opened.defer(carrier.stop)
  const env = {
    DATABASE_URL: postgres.url.replace('/postgres?', '/cheershare?'),
    REDIS_URL: redis.url,
    DATA_DIR: folder,
    APP_SECRET: randomBytes(24).toString('hex'),
    PHONE_HASH_SECRET: randomBytes(24).toString('hex'),
    // No code may expire before its SMS is sent on a slow machine: a delivery that is dropped for that would count as lost.
    OTP_TTL_SECONDS: '600',
    ...carrier.env,
    ...Object.fromEntries(limits.map((name) => [name, '0']))
  }
  const target = createTarget({ port: await freePort(), env, logFile: path.join(folder, 'service.log') })
  opened.defer(target.kill)

  await target.start()
  const load = startLoad(target.url)
  const kills = await killRepeatedly(target, marks, count)
  await load.stop()
  // A second SMS for the calls that the last kill interrupted arrives within this time.
  await sleep(sentWithinMs + latencyMs)
  const calls = await carrier.fetchAll()
  const code = await target.stop()
  if (code !== 0) throw new Error(`the last service exited with ${code}`)
  return { ...countOutcomes({ accepted: load.accepted, calls, kills }), repeated: load.repeated, states: await marks.count() }
}

function report (kills: number, result: Outcome): string {
  const rows: Array<[string, string | number]> = [
    ['kills', kills],
    ['sign-ups answered 200', result.accepted],
    ['requests retried without an answer or after a 503', result.repeated],
    ['SMS sent once', result.once],
    ['SMS sent more than once', result.repeatedly],
    ['carrier calls interrupted by a kill, by the marks', result.interrupted],
    ['  repeated after the restart', result.insideCall],
    ['    answered by the carrier before the kill, mark not yet written', result.answered],
    ['      longest from the answer to the kill', `${result.longestMarkMs} ms`],
    ['other repeated SMS (none allowed)', result.outsideCall],
    ['repeated SMS with another code (none allowed)', result.otherCode],
    ['lost (none allowed)', result.lost.length],
    ['dropped, failed (none allowed)', `${result.states['dropped'] ?? 0}, ${result.states['failed'] ?? 0}`],
    ['SMS outstanding at a kill', result.outstandingAtKills],
    [`  slowest, from the restart (under ${sentWithinMs / 1000} s)`, `${(result.slowestMs / 1000).toFixed(1)} s`]
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${String(value).padStart(7)}\n`).join('')
}

const kills = readKills()
const result = await run(kills)
process.stdout.write(report(kills, result))
const { outsideCall, otherCode, lost, slowestMs, states: { dropped = 0, failed = 0 } } = result
const isBroken = outsideCall + otherCode + lost.length + dropped + failed > 0 || slowestMs >= sentWithinMs
if (isBroken) process.stderr.write('A requirement is violated.\n')
process.exitCode = isBroken ? 1 : 0
