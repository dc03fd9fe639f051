import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { createCreative, creativeForm, pathOf, upload } from '../forms.ts'
import { images } from '../fixtures/images.ts'
import { build, createClock, signUp } from '../helper.ts'
import { until } from '../polling.ts'
import { tracesOf } from '../traces.ts'

const day = Date.parse('2030-01-10T12:00:00Z')

/** What is logged as an error from here on, with a message that says so. */
function collectErrors (t: Test, app: FastifyInstance, message: RegExp): unknown[] {
  const errors: unknown[] = []
  t.intercept(app.log, 'error', {
    value: (...args: unknown[]) => { if (message.test(String(args[1]))) errors.push(args) }
  })
  return errors
}

t.test('while an image is moved into place its row is pending, and nobody is shown it', async (t) => {
  const app = await build(t, { clock: createClock(day) })
  const { userId } = await signUp(app)
  const staged = await app.creativeStorage.stage(Readable.from([images.png]))
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const file = { ...staged, commit: async (key: string) => { await released; await staged.commit(key) } }
  const adding = app.creatives.add({ ownerId: userId, file, contentType: 'image/png', scheduledAt: '2030-01-10', timeZone: 'UTC' })
  const state = async () => (await app.pg.pool.query('select state from creatives')).rows[0]?.state
  await until('the row is there', async () => await state() === 'pending')
  const schedule = { viewerId: userId, timeZone: undefined, isOwnOnly: false, limitPerDate: 10 }
  t.same(await app.creatives.listScheduled(schedule), { today: [], tomorrow: [] })
  t.match(await app.inject({ url: '/creatives/1/image', headers: { host: 'localhost' } }), { statusCode: 401 })
  await t.rejects(app.creatives.openImage({ creativeId: 1, link: undefined, viewerId: userId }), { code: 'CHR_NOT_FOUND' })
  release()
  const creative = await adding
  t.equal(await state(), 'ready')
  t.same((await app.creatives.listScheduled(schedule)).today, [creative])
})

t.test('an upload that fails after its row was made is taken back, and what cannot be is logged', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const errors = collectErrors(t, app, /taken back/)
  await app.pg.pool.query("alter table creatives add constraint never_ready check (state = 'pending')")
  t.match(await upload(app, session), { status: 500, body: { code: 'CHR_INTERNAL' } })
  t.match(await tracesOf(app), { creatives: 0, files: [] })
  t.same(errors, [])

  const restore = t.intercept(app.creativeStorage, 'delete', { value: async () => { throw new Error('the disk is gone') } })
  t.match(await upload(app, session), { status: 500, body: { code: 'CHR_INTERNAL' } }, 'the first reason is what is answered')
  restore()
  t.match(errors, [[{ err: { message: 'the disk is gone' }, creativeId: 2 }, /failed upload/]])
  t.match(await tracesOf(app), { creatives: 0, files: [/^[0-9a-f]{32}$/] }, 'the rest is taken back before the answer')
})

t.test('an upload of an account that is deleted meanwhile leaves nothing and is nobody\'s', async (t) => {
  const app = await build(t)
  const add = async (userId: number, commit: () => Promise<void> = async () => {}) => {
    const staged = await app.creativeStorage.stage(Readable.from([images.png]))
    const file = { ...staged, commit: async (key: string) => { await commit(); await staged.commit(key) } }
    await t.rejects(app.creatives.add({ ownerId: userId, file, contentType: 'image/png', scheduledAt: '2090-01-10', timeZone: 'UTC' }), { code: 'CHR_UNAUTHENTICATED' })
    await staged.discard()
  }
  const [early, late] = [await signUp(app), await signUp(app)]
  await app.accounts.delete(early.userId)
  await add(early.userId)
  await add(late.userId, async () => { await app.accounts.delete(late.userId) })
  t.match(await tracesOf(app), { users: 0, creatives: 0, files: [] })
})

t.test('a row that cannot be made leaves no file', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  await app.pg.pool.query('alter table creatives add constraint never check (byte_count < 0)')
  t.match(await upload(app, session), { status: 500, body: { code: 'CHR_INTERNAL' } })
  t.match(await tracesOf(app), { creatives: 0, files: [] })
})

t.test('a lost image is logged, since nothing but a fault loses one', async (t) => {
  const app = await build(t)
  const { id, creative_url: url } = await createCreative(app, await signUp(app))
  const errors = collectErrors(t, app, /missing/)
  const { rows: [row] } = await app.pg.pool.query('select creative_url from creatives')
  await app.creativeStorage.delete(row.creative_url)
  t.equal((await app.inject({ url: pathOf(url) })).statusCode, 404)
  t.match(errors, [[{ creativeId: id }, /image of a creative/]])
})

t.test('links made within an hour are the same and end between one and two hours later', async (t) => {
  const clock = createClock(day)
  const app = await build(t, { clock })
  const session = await signUp(app)
  await createCreative(app, session, creativeForm({ date: '2030-01-10' }))
  const [creative] = (await app.creatives.listScheduled({ viewerId: session.userId, timeZone: undefined, isOwnOnly: false, limitPerDate: 1 })).today
  if (creative === undefined) throw new Error('the creative is not listed')
  const first = app.creatives.linkTo(creative)
  clock.advance(3_599_999)
  t.equal(app.creatives.linkTo(creative), first)
  clock.advance(1)
  const second = app.creatives.linkTo(creative)
  t.not(second, first)
  t.equal(Number(new URL(second).searchParams.get('expires')) * 1000, clock.now() + 7_200_000)
})

t.test('the owner of a private schedule is shown their own, whoever else uploads', async (t) => {
  const app = await build(t, { clock: createClock(day), env: { SCHEDULE_VISIBILITY: 'private' } })
  const [first, second] = [await signUp(app), await signUp(app)]
  for (const session of [first, second, first]) await createCreative(app, session, creativeForm({ date: '2030-01-11' }))
  const { tomorrow } = await app.creatives.listScheduled({ viewerId: first.userId, timeZone: 'UTC', isOwnOnly: false, limitPerDate: 10 })
  t.same(tomorrow.map(({ id }) => id), [3, 1])
})
