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
import { drivers, openStorage, type Driver } from './storage.ts'
import { createPhotos, startUploaders } from './uploaders.ts'
import { createTarget } from './target.ts'
import { viewCreatives } from './viewer.ts'

/**
 * `npm run test:faults:uploads -- --kills 25 --driver s3` kills the service with SIGKILL at random moments while it stores,
 * replaces and deletes images, starts it again, and checks what it shows. Every listed image can be fetched at every moment,
 * uploads answered 200 are stored, and after one sweep a second one finds nothing to do.
 */
const runMs = [200, 2000] as const
const userCount = 6

interface Outcome {
  requests: number
  unanswered: number
  accepted: number
  views: number
  broken: string[]
  lost: number
  undeleted: number
  wrongImages: number
  firstSweep: string
  secondSweep: string
  wrongUsages: number
}

function readOptions (): { kills: number, chosen: readonly Driver[] } {
  const { values } = parseArgs({ options: { kills: { type: 'string', default: '25' }, driver: { type: 'string' } } })
  if (!/^[1-9]\d{0,3}$/.test(values.kills)) throw new Error('--kills must be a number from 1 to 9999')
  const chosen = drivers.filter((driver) => values.driver === undefined || driver === values.driver)
  if (chosen.length === 0) throw new Error(`--driver must be one of ${drivers.join(', ')}`)
  return { kills: Number(values.kills), chosen }
}

/** Creates users and resolves to their tokens. */
async function createUsers (pool: pg.Pool): Promise<string[]> {
  return await Promise.all(Array.from({ length: userCount }, async (_, number) => {
    const { plaintext, hash } = createToken()
    await pool.query(`
      with added as (insert into users (name, phone_number) values ('Asha', $1) returning id)
      insert into tokens (hash, user_id, expiry, scope, created_at, last_used_at, final_expiry)
      select $2, id, now() + interval '1 day', 'authentication', now(), now(), now() + interval '1 day' from added`, [
        `+9198${String(number).padStart(8, '0')}`, hash
    ])
    return plaintext
  }))
}

/** Runs the sweep command and returns what it prints. Its deadlines are long, since the kills leave the machine busy. */
function sweep (env: Record<string, string>, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [
    path.resolve(import.meta.dirname, '../../src/commands/sweep.ts'), '--grace', '0', ...args
  ], {
    env: { PATH: process.env['PATH'], DEPENDENCY_TIMEOUT_MS: '20000', ...env }, encoding: 'utf8'
  })
  if (status !== 0) throw new Error(`the sweep exited with ${status}: ${stdout}${stderr}`)
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
  const target = createTarget({ port: await freePort(), env, logFile: path.join(folder, 'service.log') })
  opened.defer(target.kill)
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  opened.defer(async () => { await pool.end() })

  const tokens = await createUsers(pool)
  await target.start()
  const load = startUploaders(target.url, tokens, await createPhotos())
  const broken: string[] = []
  let views = 0
  for (let kill = 0; kill < kills; kill++) {
    await sleep(randomInt(...runMs))
    await target.kill()
    await target.start()
    const shown = await viewCreatives(target.url, tokens[kill % userCount] ?? '', 1)
    views += shown.ids.size
    // An image that is replaced or deleted after the list was fetched is correctly missing.
    if (shown.broken.length > 0) broken.push(...await stillListed(target.url, tokens[kill % userCount] ?? '', shown.broken))
  }
  await target.kill()
  await load.stop()
  const firstSweep = sweep(env)
  const secondSweep = sweep(env, '--dry-run')

  await target.start()
  let lost = 0
  let undeleted = 0
  let wrongImages = 0
  for (const [token, { stored, deleted, images }] of load.answered) {
    const { ids, originals, broken: found } = await viewCreatives(target.url, token)
    views += ids.size
    broken.push(...found)
    lost += stored.difference(ids).size
    undeleted += deleted.intersection(ids).size
    wrongImages += [...originals].filter(([id, hash]) => images.get(id)?.has(hash) === false).length
  }
  const { rows: [found] } = await pool.query<{ count: string }>(usages)
  return {
    requests: load.requests,
    unanswered: load.unanswered,
    accepted: load.accepted,
    views,
    broken,
    lost,
    undeleted,
    wrongImages,
    firstSweep,
    secondSweep,
    wrongUsages: Number(found?.count)
  }
}

/** Returns the given URLs that are still listed and cannot be fetched. */
async function stillListed (url: string, token: string, addresses: readonly string[]): Promise<string[]> {
  const { broken } = await viewCreatives(url, token)
  return addresses.filter((address) => broken.includes(address))
}

function report (driver: Driver, kills: number, { broken, firstSweep, secondSweep, ...counts }: Outcome): string {
  const found = (text: string) => text.split('\n').filter((line) => /: (?!0$|false$)./.test(line)).join(', ') || 'nothing'
  return `${driver}: ${kills} kills, ${counts.requests} requests (${counts.unanswered} without an answer), ${counts.accepted} images stored, ${counts.views} listed creatives fetched\n` +
    `  listed without an image (none allowed)             ${broken.length}\n` +
    `  answered 200 and lost (none allowed)               ${counts.lost}\n` +
    `  deleted and still listed (none allowed)            ${counts.undeleted}\n` +
    `  showing a wrong image (none allowed)               ${counts.wrongImages}\n` +
    `  users whose quota differs from their images (none) ${counts.wrongUsages}\n` +
    `  completed by the first sweep                       ${found(firstSweep)}\n` +
    `  left for a second sweep (nothing allowed)          ${found(secondSweep)}\n`
}

const { kills, chosen } = readOptions()
for (const driver of chosen) {
  const outcome = await run(driver, kills)
  const text = report(driver, kills, outcome)
  process.stdout.write(text)
  const { broken, lost, undeleted, wrongImages, wrongUsages, accepted, views } = outcome
  // A run without any stored or fetched image has tested nothing.
  const isTested = accepted > 0 && views > 0
  if (!isTested || broken.length + lost + undeleted + wrongImages + wrongUsages > 0 || !text.endsWith(' nothing\n')) {
    process.stderr.write('A requirement is violated.\n')
    process.exitCode = 1
  }
}
