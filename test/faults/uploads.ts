import { spawnSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { createToken } from '../../src/domain/auth/token.ts'
import { openPostgres } from '../support/services/postgres.ts'
import { freePort } from '../support/services/redis.ts'
import { look } from './shown.ts'
import { drivers, openStorage, type Driver } from './storage.ts'
import { createPhotos, startUploaders } from './uploaders.ts'
import { createVictim } from './victim.ts'

/**
 * Kills the service with SIGKILL at random moments while it takes in, replaces and deletes images, starts it again, and
 * looks: `npm run test:faults:uploads -- --kills 25 --driver s3`. What is listed can be shown at every moment, what
 * was answered 200 is kept, and one sweep afterwards leaves nothing to sweep.
 */
const livesMs = [200, 2000] as const
const userCount = 6

interface Outcome {
  requests: number
  unanswered: number
  takenIn: number
  looks: number
  broken: string[]
  lost: number
  undead: number
  exchanged: number
  firstSweep: string
  secondSweep: string
  wrongUsages: number
}

function readOptions (): { kills: number, chosen: readonly Driver[] } {
  const { values } = parseArgs({ options: { kills: { type: 'string', default: '25' }, driver: { type: 'string' } } })
  if (!/^[1-9]\d{0,3}$/.test(values.kills)) throw new Error('--kills is not a number from 1 to 9999')
  const chosen = drivers.filter((driver) => values.driver === undefined || driver === values.driver)
  if (chosen.length === 0) throw new Error(`--driver is none of ${drivers.join(', ')}`)
  return { kills: Number(values.kills), chosen }
}

/** Users with a token each. */
async function createUsers (pool: pg.Pool): Promise<string[]> {
  return await Promise.all(Array.from({ length: userCount }, async (_, number) => {
    const { plaintext, hash } = createToken()
    await pool.query(`
      with added as (insert into users (name, phone_number) values ('Asha', $1) returning id)
      insert into tokens (hash, user_id, expiry, scope, created_at, last_used_at, final_expiry)
      select $2, id, now() + interval '1 day', 'authentication', now(), now(), now() + interval '1 day' from added`, [`+9198${String(number).padStart(8, '0')}`, hash])
    return plaintext
  }))
}

/** The command's own words. */
function sweep (env: Record<string, string>, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [path.resolve(import.meta.dirname, '../../src/commands/sweep.ts'), '--grace', '0', ...args], {
    env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8'
  })
  if (status !== 0) throw new Error(`the sweep ended with ${status}: ${stdout}${stderr}`)
  return stdout
}

const usages = `
  select count(*) from users left join usages on usages.user_id = users.id
  where coalesce(usages.byte_count, 0) <> (select coalesce(sum(quota_bytes), 0) from images where images.user_id = users.id)`

async function run (driver: Driver, kills: number): Promise<Outcome> {
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-faults-'))
  opened.defer(async () => { await rm(folder, { recursive: true, force: true }) })
  const postgres = await openPostgres()
  opened.defer(postgres.stop)
  const storage = await openStorage(driver, folder)
  opened.defer(storage.stop)
  const databaseUrl = postgres.url.replace('/postgres?', '/cheershare?')
  const env = {
    DATABASE_URL: databaseUrl,
    DATA_DIR: folder,
    APP_SECRET: randomBytes(24).toString('hex'),
    PHONE_HASH_SECRET: randomBytes(24).toString('hex'),
    QUOTA_CREATIVES_PER_DAY: '0',
    ...storage.env
  }
  const victim = createVictim({ port: await freePort(), env, logFile: path.join(folder, 'service.log') })
  opened.defer(victim.kill)
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  opened.defer(async () => { await pool.end() })

  const tokens = await createUsers(pool)
  await victim.start()
  const load = startUploaders(victim.url, tokens, await createPhotos())
  const broken: string[] = []
  let looks = 0
  for (let kill = 0; kill < kills; kill++) {
    await sleep(randomInt(...livesMs))
    await victim.kill()
    await victim.start()
    const shown = await look(victim.url, tokens[kill % userCount] ?? '', 1)
    looks += shown.ids.size
    // What is replaced or deleted between the list and the look is gone by right.
    if (shown.broken.length > 0) broken.push(...await stillListed(victim.url, tokens[kill % userCount] ?? '', shown.broken))
  }
  await victim.kill()
  await load.stop()
  const firstSweep = sweep(env)
  const secondSweep = sweep(env, '--dry-run')

  await victim.start()
  let lost = 0
  let undead = 0
  let exchanged = 0
  for (const [token, { kept, deleted, images }] of load.told) {
    const { ids, originals, broken: found } = await look(victim.url, token)
    looks += ids.size
    broken.push(...found)
    lost += kept.difference(ids).size
    undead += deleted.intersection(ids).size
    exchanged += [...originals].filter(([id, hash]) => images.get(id)?.has(hash) === false).length
  }
  const { rows: [found] } = await pool.query<{ count: string }>(usages)
  return { requests: load.requests, unanswered: load.unanswered, takenIn: load.takenIn, looks, broken, lost, undead, exchanged, firstSweep, secondSweep, wrongUsages: Number(found?.count) }
}

/** Of some addresses, those that are listed now and cannot be had. */
async function stillListed (url: string, token: string, addresses: readonly string[]): Promise<string[]> {
  const { broken } = await look(url, token)
  return addresses.filter((address) => broken.includes(address))
}

function report (driver: Driver, kills: number, { broken, firstSweep, secondSweep, ...counts }: Outcome): string {
  const found = (text: string) => text.split('\n').filter((line) => /: (?!0$|false$)./.test(line)).join(', ') || 'nothing'
  return `${driver}: ${kills} kills, ${counts.requests} requests (${counts.unanswered} without an answer), ${counts.takenIn} images taken in, ${counts.looks} listed creatives looked at\n` +
    `  listed without its image (none allowed)            ${broken.length}\n` +
    `  answered 200 and lost (none allowed)               ${counts.lost}\n` +
    `  deleted and listed (none allowed)                  ${counts.undead}\n` +
    `  showing another image than was answered 200 (none) ${counts.exchanged}\n` +
    `  users whose quota is not what they keep (none)     ${counts.wrongUsages}\n` +
    `  the sweep settled                                  ${found(firstSweep)}\n` +
    `  left for another sweep (nothing allowed)           ${found(secondSweep)}\n`
}

const { kills, chosen } = readOptions()
for (const driver of chosen) {
  const outcome = await run(driver, kills)
  const text = report(driver, kills, outcome)
  process.stdout.write(text)
  const { broken, lost, undead, exchanged, wrongUsages, takenIn, looks } = outcome
  // Promises that nobody could put to the test are not kept.
  const isTested = takenIn > 0 && looks > 0
  if (!isTested || broken.length + lost + undead + exchanged + wrongUsages > 0 || !text.endsWith(' nothing\n')) {
    process.stderr.write('A promise is broken.\n')
    process.exitCode = 1
  }
}
