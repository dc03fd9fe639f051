import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { creativeForm, createCreative, upload, type Part, type UploadedCreative } from '../../../support/forms.ts'
import { images } from '../../../fixtures/images.ts'
import { build, createClock, signUp, type Session } from '../../../support/helper.ts'
import { tracesOf } from '../../../support/traces.ts'

const hourMs = 3_600_000

async function send (app: FastifyInstance, { authorization }: Session, { key = 'a', parts }: { key?: string, parts?: Part[] } = {}) {
  const { status, body, headers } = await upload(app, { authorization, headers: { 'idempotency-key': key } }, parts)
  return { status, body, headers, id: (body['creative'] as UploadedCreative | undefined)?.id }
}

t.test('10 concurrent uploads with one key create one creative, which all replies contain', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const replies = await Promise.all(Array.from({ length: 10 }, async () => await send(app, session)))
  t.same(new Set(replies.map(({ status }) => status)), new Set([200]))
  t.equal(new Set(replies.map(({ body }) => JSON.stringify(body))).size, 1)
  const { files, ...traces } = await tracesOf(app)
  t.match(traces, { creatives: 1, images: ['ready'], usedBytes: images.png.length, creativesOfTheDay: 1, idempotencyKeys: 1 })
  t.equal(files.length, 3)
})

t.test('different concurrent uploads with one key create one creative, and the others conflict', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const replies = await Promise.all(Object.values(images).map(async (file) => await send(app, session, { parts: creativeForm({ file }) })))
  t.same(replies.map(({ status }) => status).sort(), [200, ...replies.slice(1).map(() => 409)])
  t.match(replies.find(({ status }) => status === 409)?.body, { code: 'CHR_IDEMPOTENCY_CONFLICT' })
  t.match(await tracesOf(app), { creatives: 1, images: ['ready'], creativesOfTheDay: 1 })
})

t.test('a key identifies the file and all fields, in any order', async (t) => {
  const app = await build(t)
  const [session, other] = [await signUp(app), await signUp(app)]
  const parts = creativeForm({ title: 'Holi', tz: 'UTC' })
  const { id } = await send(app, session, { parts })
  t.equal((await send(app, session, { parts: parts.toReversed() })).id, id)
  t.equal((await send(app, session, { parts: [...parts, { name: 'alt_text', value: '' }] })).id, id, 'an empty field counts as absent')
  const changes = [creativeForm({ title: 'Diwali', tz: 'UTC' }), creativeForm({ title: 'Holi' }), creativeForm({
    title: 'Holi', tz: 'UTC', date: '2099-12-31'
  }),
  creativeForm({ title: 'Holi', tz: 'UTC', file: images.gif }), creativeForm({ alt_text: 'Holi', tz: 'UTC' })]
  for (const changed of changes) {
    t.match(await send(app, session, { parts: changed }), {
      status: 409, body: { code: 'CHR_IDEMPOTENCY_CONFLICT' }
    })
  }
  t.not((await send(app, session, { key: 'A', parts })).id, id, 'another key')
  t.not((await send(app, other, { parts })).id, id, 'another user')
  t.match(await tracesOf(app), { creatives: 3, images: ['ready', 'ready', 'ready'] })
})

t.test('a repeated upload needs no quota and no future date', async (t) => {
  const clock = createClock(Date.parse('2030-01-10T12:00:00Z'))
  const app = await build(t, { clock, env: { QUOTA_CREATIVES_PER_DAY: '1' } })
  const session = await signUp(app)
  const parts = creativeForm({ date: '2030-01-10' })
  const { id } = await send(app, session, { parts })
  t.match(await send(app, session, { key: 'b', parts }), { status: 429 })
  t.match(await send(app, session, { parts }), { status: 200, id })
  clock.advance(14 * hourMs)
  t.match(await send(app, session, { parts }), { status: 200, id })
  t.match(await send(app, session, { parts: creativeForm({ file: Buffer.from('text'), date: '2030-01-10' }) }), { status: 415 })
  t.match(await tracesOf(app), { creatives: 1, images: ['ready'], creativesOfTheDay: 1 })
})

t.test('a key expires after a day, also before the purge deletes it', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const session = await signUp(app)
  const parts = creativeForm().slice(1)
  const first = await send(app, session, { parts })
  clock.advance(24 * hourMs - 1)
  t.equal((await send(app, session, { parts })).id, first.id)
  clock.advance(1)
  const second = await send(app, session, { parts })
  t.not(second.id, first.id)
  t.equal((await send(app, session, { parts })).id, second.id)
  t.match(await tracesOf(app), { idempotencyKeys: 1 })
  clock.advance(24 * hourMs)
  await app.creatives.purge()
  t.match(await tracesOf(app), { idempotencyKeys: 0, creatives: 2 })
})

t.test('the key of a deleted or purged creative answers 404, and the key of a restored creative returns it', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const session = await signUp(app)
  const { id } = await send(app, session)
  const creative = { id: Number(id), userId: session.userId }
  const isGone = { status: 404, body: { code: 'CHR_NOT_FOUND', error: /^The creative of this Idempotency-Key was deleted/ } }
  await app.creatives.delete(creative)
  t.match(await send(app, session), isGone)
  await app.creatives.restore(creative)
  t.match(await send(app, session), { status: 200, id })
  await app.creatives.delete(creative)
  clock.advance(hourMs)
  t.equal(await app.creatives.purge(), 1)
  t.match(await send(app, session), isGone)
  t.match(await tracesOf(app), { creatives: 0, images: [], files: [], idempotencyKeys: 1 })
})

t.test('a failed upload does not use up its key', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  t.match(await send(app, session, { parts: creativeForm({ file: Buffer.from('text') }) }), { status: 415 })
  t.match(await send(app, session), { status: 200 })
})

t.test('an invalid key is refused before anything is stored', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  for (const key of ['', ' ', 'a b', 'ключ', 'é', 'a'.repeat(256), 'a\x7f'].map((text) => Buffer.from(text).toString('latin1'))) {
    t.match(await send(app, session, { key }), {
      status: 400,
      body: {
        code: 'CHR_VALIDATION',
        details: [{
          path: 'idempotency-key', message: 'Idempotency-Key must be sent once, with 1 to 255 visible ASCII characters'
        }]
      }
    })
  }
  t.match(await tracesOf(app), { images: [], creatives: 0 })
  t.equal((await send(app, session, { key: `!~${'a'.repeat(253)}` })).status, 200)
  await createCreative(app, session)
})
