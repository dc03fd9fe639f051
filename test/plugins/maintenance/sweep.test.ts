import { createHash, randomBytes } from 'node:crypto'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { mock } from 'node:test'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { BlobKey } from '../../../plugins/platform/blob-store/contract.ts'
import type { SweepReport } from '../../../plugins/maintenance/sweep/index.ts'
import { UnavailableError } from '../../../src/http/errors.ts'
import { createCreative, upload } from '../../support/forms.ts'
import { build, createClock, postJson, signUp, type Session, type TestClock } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'
import { storedFiles, tracesOf } from '../../support/traces.ts'

const hourMs = 3_600_000
const nothing: SweepReport = {
  stagedFiles: 0, abandonedUploads: 0, discardedImages: 0, orphanedBlobs: 0, isOverCap: false, incompleteImages: 0, recoveredImages: 0
}

interface Stage { app: FastifyInstance, clock: TestClock, session: Session }

async function open (t: Test, env = {}): Promise<Stage> {
  const clock = createClock()
  const app = await build(t, { clock, env: { TOKEN_TTL_SECONDS: '2592000', ...env } })
  return { app, clock, session: await signUp(app) }
}

/** A blob that no upload made. */
async function putStray (app: FastifyInstance): Promise<BlobKey> {
  const key: BlobKey = `${randomBytes(16).toString('hex')}.original`
  const file = path.join(app.blobs.stagingFolder, 'stray')
  await writeFile(file, key)
  await app.blobs.put(key, { path: file, byteCount: key.length, sha256: createHash('sha256').update(key).digest(), contentType: 'image/png' })
  await rm(file)
  return key
}

const listed = async (app: FastifyInstance, { authorization }: Session) => {
  const response = await app.inject({ url: '/creatives', headers: { authorization } })
  return response.json<{ creatives: Array<{ id: number }> }>().creatives.map(({ id }) => id)
}

t.test('where all is well a sweep finds nothing and takes nothing', async (t) => {
  const { app, clock, session } = await open(t)
  const creative = await createCreative(app, session)
  const before = await tracesOf(app)
  clock.advance(2 * hourMs)
  t.same(await app.sweep.run(), nothing)
  t.same(await tracesOf(app), before)
  const image = await app.inject({ url: `/creatives/${creative.id}/image`, headers: { authorization: session.authorization } })
  t.equal(image.statusCode, 200)
})

t.test('an upload that stopped halfway is given up after the grace, with its share of the quota', async (t) => {
  const { app, clock, session } = await open(t)
  const { key } = await app.imageQuota.reserve({ userId: session.userId, statedBytes: 5000, purpose: 'creative' })
  await putStray(app)
  t.match(await tracesOf(app), { images: ['pending'], usedBytes: 5000, creativesOfTheDay: 1 })
  t.same(await app.sweep.run(), nothing, 'it may be under way')
  clock.advance(2 * hourMs)
  const expected = { ...nothing, abandonedUploads: 1, discardedImages: 1, orphanedBlobs: 1 }
  t.same(await app.sweep.run({ isDryRun: true }), expected)
  t.match(await tracesOf(app), { images: ['pending'], usedBytes: 5000 }, 'a dry run changes nothing')
  t.same(await app.sweep.run(), expected)
  t.match(await tracesOf(app), { images: [], usedBytes: 0, creativesOfTheDay: 0, files: [] })
  t.same(await app.sweep.run(), nothing)
  t.equal(await app.blobs.head(`${key}.original`), undefined)
})

t.test('blobs of an image that was given up go at once', async (t) => {
  const { app, session } = await open(t)
  const { id } = await createCreative(app, session)
  await app.pg.pool.query('update images set state = \'discarded\'')
  await app.pg.pool.query('delete from creatives where id = $1', [id])
  t.same(await app.sweep.run(), { ...nothing, discardedImages: 1 })
  t.match(await tracesOf(app), { images: [], files: [] })
})

t.test('files that a killed process left in the staging folder go after the grace', async (t) => {
  const { app, clock } = await open(t)
  await writeFile(path.join(app.blobs.stagingFolder, 'left'), 'half an image')
  clock.advance(2 * hourMs)
  t.same(await app.sweep.run({ isDryRun: true }), { ...nothing, stagedFiles: 1 })
  t.same(await storedFiles(app), ['left'])
  t.same(await app.sweep.run(), { ...nothing, stagedFiles: 1 })
  t.same(await storedFiles(app), [])
})

t.test('with more strays than may be deleted none is', async (t) => {
  const { app, clock } = await open(t, { SWEEP_MAXIMUM_DELETIONS: '2' })
  const keys = [await putStray(app), await putStray(app), await putStray(app)]
  clock.advance(2 * hourMs)
  t.same(await app.sweep.run(), { ...nothing, isOverCap: true })
  t.equal((await storedFiles(app)).length, 3)
  await app.blobs.delete(keys[0] ?? 'x.original')
  t.same(await app.sweep.run(), { ...nothing, orphanedBlobs: 2 })
})

t.test('more blobs than a page are compared whole', async (t) => {
  const { app, clock, session } = await open(t)
  await createCreative(app, session)
  for (let count = 0; count < 520; count++) await putStray(app)
  clock.advance(2 * hourMs)
  t.same(await app.sweep.run(), { ...nothing, orphanedBlobs: 520 })
  t.equal((await storedFiles(app)).length, 3)
})

t.test('a creative whose blob is lost is listed to nobody until the blob is back', async (t) => {
  const { app, clock, session } = await open(t)
  const [lost, whole] = [await createCreative(app, session), await createCreative(app, session)]
  const { rows: [{ key }] } = await app.pg.pool.query('select creative_url as key from creatives where id = $1', [lost.id])
  const folder = path.join(app.config.process.dataDir, 'uploads', String(key).slice(0, 2))
  const place = path.join(folder, `${key}.preview`)
  await rename(place, `${place}.away`)
  t.ok((await readdir(folder)).includes(`${key}.preview.away`))
  clock.advance(2 * hourMs)
  t.same(await app.sweep.run({ isDryRun: true }), { ...nothing, incompleteImages: 1 })
  t.same(await listed(app, session), [whole.id, lost.id])
  t.same(await app.sweep.run(), { ...nothing, incompleteImages: 1 })
  t.same(await listed(app, session), [whole.id])
  t.match((await app.pg.pool.query('select damage from images where key = $1', [key])).rows, [{ damage: 'missing: preview' }])
  await rename(`${place}.away`, place)
  t.same(await app.sweep.run({ isDryRun: true }), { ...nothing, recoveredImages: 1 })
  t.same(await app.sweep.run(), { ...nothing, recoveredImages: 1 })
  t.same(await listed(app, session), [whole.id, lost.id])
})

t.test('a listing that lacks what is there hides nothing', async (t) => {
  const { app, clock, session } = await open(t)
  await createCreative(app, session)
  clock.advance(2 * hourMs)
  t.intercept(app.blobs, 'listOlderThan', { value: async function * () {} })
  t.same(await app.sweep.run(), nothing)
})

t.test('while one instance sweeps another does not', async (t) => {
  const { app } = await open(t)
  const { promise: gate, resolve: goOn } = Promise.withResolvers<void>()
  let isListing = false
  t.intercept(app.blobs, 'listOlderThan', { value: async function * () { isListing = true; await gate } })
  const first = app.sweep.run()
  await until('the first lists', () => isListing)
  t.equal(await app.sweep.run(), undefined)
  goOn()
  t.same(await first, nothing)
})

t.test('a sweep that storage breaks off can be repeated', async (t) => {
  const { app, clock, session } = await open(t)
  await app.imageQuota.reserve({ userId: session.userId, statedBytes: 5000, purpose: 'creative' })
  const stray = await putStray(app)
  clock.advance(2 * hourMs)
  const { restore } = t.intercept(app.blobs, 'listOlderThan', { value: async function * () { throw new UnavailableError('storage') } })
  await t.rejects(app.sweep.run(), { name: 'UnavailableError' })
  restore()
  t.same(await app.sweep.run(), { ...nothing, orphanedBlobs: 1 })
  t.equal(await app.blobs.head(stray), undefined)
})

t.test('a sweep that is ended early stops', async (t) => {
  const { app, clock, session } = await open(t)
  await createCreative(app, session)
  await app.imageQuota.reserve({ userId: session.userId, statedBytes: 5000, purpose: 'creative' })
  clock.advance(2 * hourMs)
  await t.rejects(app.sweep.run({ signal: AbortSignal.abort() }), { name: 'AbortError' })
  t.match(await tracesOf(app), { images: ['pending', 'ready'] })
})

t.test('an upload that the sweep gave up under it fails, and leaves nothing', async (t) => {
  const { app, clock, session } = await open(t)
  const { process } = app.images
  t.intercept(app.images, 'process', {
    value: async (...given: Parameters<typeof process>) => {
      const image = await process(...given)
      clock.advance(2 * hourMs)
      await app.sweep.run()
      return image
    }
  })
  t.ok((await upload(app, session)).status >= 400)
  t.match(await tracesOf(app), { creatives: 0, images: [], usedBytes: 0, files: [] })
  t.equal((await postJson(app, '/login', { phone_number: session.phone })).status, 200)
})

t.test('it goes on by itself and says what it settled, what it may not and what is lost', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const { app, clock, session } = await open(t, { SWEEP_MAXIMUM_DELETIONS: '1', TOKEN_TTL_SECONDS: '172800' })
  const logged: string[] = []
  for (const level of ['info', 'error', 'warn'] as const) {
    t.intercept(app.log, level, { value: (_report: object, message: string) => { logged.push(`${level}: ${message}`) } })
  }
  const [key] = [await putStray(app), await createCreative(app, session)]
  const next = async (expected: string) => {
    clock.advance(2 * hourMs)
    logged.length = 0
    mock.timers.tick(hourMs)
    await until(expected, () => logged.includes(expected))
  }
  await next('info: swept')
  t.equal(await app.blobs.head(key), undefined)
  await putStray(app)
  await putStray(app)
  await next('error: storage has more orphaned blobs than may be deleted: does this database belong to this storage?')
  for (const name of await readdir(path.join(app.config.process.dataDir, 'uploads'))) {
    if (name !== 'staging') await rm(path.join(app.config.process.dataDir, 'uploads', name), { recursive: true })
  }
  await next('error: images lack blobs; their creatives are not shown')
  t.intercept(app.blobs, 'listOlderThan', { value: async function * () { throw new UnavailableError('storage') } })
  await next('warn: the sweep failed')
})

t.test('a sweep by itself that finds nothing, or another one at it, is silent', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const { app } = await open(t)
  const run = t.capture(app.staging, 'removeAbandoned', app.staging.removeAbandoned)
  const told = ['info', 'error', 'warn'].map((level) => t.capture(app.log, level as 'info'))
  mock.timers.tick(hourMs)
  await until('it sweeps', () => run.args().length > 0)
  const client = await app.pg.pool.connect()
  t.teardown(() => client.release())
  await client.query('select pg_advisory_lock($1)', [0x63_68_72_73])
  const asked = t.capture(app.db, 'connection', app.db.connection)
  await until('it asks', () => {
    // The one before may still be under way.
    mock.timers.tick(hourMs)
    return asked.args().length > 0
  })
  t.equal(await app.sweep.run(), undefined, 'and so it is told')
  const { pool } = app.pg
  await until('the one by itself was told too', () => pool.totalCount - pool.idleCount === 1)
  await client.query('select pg_advisory_unlock_all()')
  t.same(told.flatMap((level) => level.args()), [])
})
