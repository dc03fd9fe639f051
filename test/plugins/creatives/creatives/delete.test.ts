import { mock } from 'node:test'
import t from 'tap'
import { createCreative, creativeForm, pathOf } from '../../../support/forms.ts'
import { collectErrors } from '../../../support/latches.ts'
import { build, createClock, signUp } from '../../../support/helper.ts'
import { createCluster } from '../../../support/instances.ts'
import { creativeRow } from '../../../db/creative-row.ts'
import { until } from '../../../support/polling.ts'
import { storedFiles, tracesOf } from '../../../support/traces.ts'

const minuteMs = 60_000

t.test('a deleted creative is hidden at once, can be restored within 10 minutes, and is purged after them', async (t) => {
  const clock = createClock(Date.parse('2030-01-10T12:00:00Z'))
  const app = await build(t, { clock })
  const session = await signUp(app)
  const creative = await createCreative(app, session, creativeForm({ date: '2030-01-10' }))
  const mine = { id: creative.id, userId: session.userId }
  const tracesBefore = await tracesOf(app)
  const imageStatus = async () => (await app.inject({ url: pathOf(creative.creative_url) })).statusCode

  await app.creatives.delete(mine)
  t.equal(await imageStatus(), 404)
  clock.advance(10 * minuteMs - 1)
  t.equal(await app.creatives.purge(), 0)
  t.same(await tracesOf(app), tracesBefore, 'its bytes still count towards the quota')
  t.match(await app.creatives.restore(mine), { id: creative.id, deleted_at: null, version: 1 })
  t.equal(await imageStatus(), 200)

  await app.creatives.delete(mine)
  // The time of the deletion is stored in whole seconds.
  clock.advance(10 * minuteMs + 500)
  await t.rejects(app.creatives.restore(mine), { code: 'CHR_NOT_FOUND' })
  t.equal(await app.creatives.purge(), 1)
  t.match(await tracesOf(app), { creatives: 0, images: [], files: [], usedBytes: 0, creativesOfTheDay: 1 })
  t.equal(await app.creatives.purge(), 0)
})

t.test('several instances purge each creative once, in batches', async (t) => {
  const clock = createClock()
  const { start } = await createCluster(t)
  const [first, second] = [await start({}, clock), await start({}, clock)]
  const session = await signUp(first)
  const live = await createCreative(first, session)
  const rows = Array.from({ length: 130 }, () => creativeRow({
    userId: session.userId, byte_count: 10, deleted_at: new Date(clock.now() - 11 * minuteMs)
  }))
  await first.db.insertInto('creatives').values(rows).execute()
  await first.db.insertInto('images').values(rows.map(({ creative_url: key }) => ({
    key, user_id: session.userId, state: 'ready', quota_bytes: 10
  }))).execute()
  await first.pg.pool.query('update usages set byte_count = byte_count + 1300')
  const purged = await Promise.all([first.creatives.purge(), second.creatives.purge()])
  t.equal(purged[0] + purged[1], rows.length)
  t.match(await tracesOf(first), { creatives: 1, images: ['ready'], usedBytes: live.byte_count })
  t.equal((await storedFiles(first)).length, 3)
})

t.test('a creative whose blobs cannot be deleted is purged, and its image stays discarded for the sweep', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const session = await signUp(app)
  const { id } = await createCreative(app, session)
  await app.creatives.delete({ id, userId: session.userId })
  clock.advance(11 * minuteMs)
  const errors = collectErrors(t, app, /the sweep will/)
  t.intercept(app.blobs, 'delete', { value: async () => { throw new Error('the disk is gone') } })
  t.equal(await app.creatives.purge(), 1)
  t.equal(errors.length, 1)
  t.match(await tracesOf(app), { creatives: 0, images: ['discarded'], usedBytes: 0 })
})

t.test('deleting an account deletes all its images, and the first failure leaves the rest to the sweep', async (t) => {
  const app = await build(t)
  for (const isBroken of [false, true]) {
    const session = await signUp(app)
    for (let count = 0; count < 20; count++) await createCreative(app, session)
    const errors = collectErrors(t, app, /the sweep will/)
    if (isBroken) t.intercept(app.blobs, 'delete', { value: async () => { throw new Error('the disk is gone') } })
    await app.accounts.delete(session.userId)
    const { creatives, images, files } = await tracesOf(app)
    t.equal(creatives, 0)
    if (isBroken) t.same([images.length, files.length, errors.length < 20], [20, 60, true])
    else t.same([images, files, errors], [[], [], []])
  }
})

t.test('the purge runs every minute, is retried after a failure, and stops on close', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const clock = createClock()
  const { start } = await createCluster(t)
  const app = await start({}, clock)
  const other = await start({}, clock)
  await other.close()
  const session = await signUp(app)
  const deleteOne = async () => {
    const { id } = await createCreative(app, session)
    await app.creatives.delete({ id, userId: session.userId })
  }
  await deleteOne()
  clock.advance(11 * minuteMs)
  const warnings: unknown[] = []
  t.intercept(app.log, 'warn', { value: (...args: unknown[]) => { warnings.push(args) } })
  await app.pg.pool.query('alter table creatives rename to gone')
  mock.timers.tick(minuteMs)
  await until('the purge fails', () => warnings.length > 0)
  t.match(warnings, [[{ err: { message: /does not exist/ } }, 'deleted creatives could not be purged']])
  await app.pg.pool.query('alter table gone rename to creatives')
  mock.timers.tick(minuteMs)
  await until('the next purge succeeds', async () => (await tracesOf(app)).creatives === 0)
})

t.test('close awaits the purge of the current creative and starts no other', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const { start } = await createCluster(t)
  const [app, other] = [await start(), await start()]
  const { userId } = await signUp(app)
  const count = 300
  await app.db.insertInto('creatives')
    .values(Array.from({ length: count }, () => creativeRow({ userId, deleted_at: new Date(0) }))).execute()
  mock.timers.tick(minuteMs)
  await until('the purge begins', async () => (await tracesOf(other)).creatives < count)
  await app.close()
  const { creatives } = await tracesOf(other)
  t.ok(creatives > 0, `${creatives} are left`)
  mock.timers.tick(minuteMs)
  await until('the other instance continues the purge', async () => (await tracesOf(other)).creatives < creatives)
})
