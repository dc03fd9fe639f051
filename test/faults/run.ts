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
import { tally, type Kill, type Tally } from './tally.ts'
import { createVictim, type Victim } from './victim.ts'

/**
 * Kills the service with SIGKILL at random moments under load, starts it again, and counts at the carrier:
 * `npm run test:faults -- --kills 25`. Nothing that was answered 200 may be lost; nothing may be sent twice, but where
 * the kill fell inside the carrier call, and then with the same code.
 */
const latencyMs = 150
/** A life under fire, and now and then one that is long enough for everything outstanding. */
const livesMs = [200, 2500] as const
const calmMs = 9000
const calmEvery = 5
/** The promise: what was outstanding is sent within this after a restart. */
const sentWithinMs = 10_000
const limits = [
  'LIMIT_SENDS_PER_PHONE_HOUR', 'LIMIT_SENDS_PER_PHONE_DAY', ...rateLimits.map(({ setting }) => setting)
]

interface Outcome extends Tally {
  repeated: number
  /** Of all deliveries, by their marks. */
  states: Record<string, number>
}

function readKills (): number {
  const { values } = parseArgs({ options: { kills: { type: 'string', default: '25' } } })
  if (!/^[1-9]\d{0,3}$/.test(values.kills)) throw new Error('--kills is not a number from 1 to 9999')
  return Number(values.kills)
}

async function killRepeatedly (victim: Victim, marks: MarkReader, count: number): Promise<Kill[]> {
  const kills: Kill[] = []
  for (let number = 1; number <= count; number++) {
    await sleep(randomInt(...livesMs))
    const killedAt = Date.now()
    await victim.kill()
    const cut = await marks.readCut()
    await victim.start()
    kills.push({ killedAt, restartedAt: Date.now(), cut })
    if (number % calmEvery === 0) await sleep(calmMs)
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
    // So long that no code ends before its turn, whatever the machine: what is dropped by right would look lost.
    OTP_TTL_SECONDS: '600',
    ...carrier.env,
    ...Object.fromEntries(limits.map((name) => [name, '0']))
  }
  const victim = createVictim({ port: await freePort(), env, logFile: path.join(folder, 'service.log') })
  opened.defer(victim.kill)

  await victim.start()
  const load = startLoad(victim.url)
  const kills = await killRepeatedly(victim, marks, count)
  await load.stop()
  // Long enough for a second SMS of whatever the last kill cut off, too.
  await sleep(sentWithinMs + latencyMs)
  const calls = await carrier.fetchAll()
  const code = await victim.stop()
  if (code !== 0) throw new Error(`the last service ended with ${code}`)
  return { ...tally({ accepted: load.accepted, calls, kills }), repeated: load.repeated, states: await marks.count() }
}

function report (kills: number, result: Outcome): string {
  const rows: Array<[string, string | number]> = [
    ['kills', kills],
    ['sign-ups answered 200', result.accepted],
    ['requests repeated for want of an answer', result.repeated],
    ['SMS sent once', result.once],
    ['SMS sent more than once', result.repeatedly],
    ['calls that a kill fell inside of, by the marks', result.cut],
    ['  of them repeated', result.insideCall],
    ['    whose answer had left, and its mark was not written yet', result.answered],
    ['      longest from the answer to the kill', `${result.longestMarkMs} ms`],
    ['other repetitions (none allowed)', result.outsideCall],
    ['repetitions with another code (none allowed)', result.otherCode],
    ['lost (none allowed)', result.lost.length],
    ['dropped, failed (none allowed)', `${result.states['dropped'] ?? 0}, ${result.states['failed'] ?? 0}`],
    ['outstanding at a kill', result.outstandingAtKills],
    [`  slowest of them, from the restart (under ${sentWithinMs / 1000} s)`, `${(result.slowestMs / 1000).toFixed(1)} s`]
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${String(value).padStart(7)}\n`).join('')
}

const kills = readKills()
const result = await run(kills)
process.stdout.write(report(kills, result))
const { outsideCall, otherCode, lost, slowestMs, states: { dropped = 0, failed = 0 } } = result
const isBroken = outsideCall + otherCode + lost.length + dropped + failed > 0 || slowestMs >= sentWithinMs
if (isBroken) process.stderr.write('A promise is broken.\n')
process.exitCode = isBroken ? 1 : 0
