import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { createCreative, formOf, formType, imageForm, pathOf, replace, type Part, type UploadedCreative } from '../../../support/forms.ts'
import { heic, imageOf, images } from '../../../fixtures/images.ts'
import { afterDecoding, collectErrors, latchBeforeDecoding } from '../../../support/latches.ts'
import { build, createClock, signUp, type Session } from '../../../support/helper.ts'
import { until } from '../../../support/polling.ts'
import { tracesOf } from '../../../support/traces.ts'

const creativeOf = (body: Record<string, unknown>) => body['creative'] as UploadedCreative

/** Arguments that delete or restore a creative as its owner. */
const asOwner = ({ userId }: Session, { id }: UploadedCreative) => ({ id, userId })

t.test('PUT replaces the image under a new URL, and the old URL answers 404', async (t) => {
  const clock = createClock(Date.parse('2030-01-10T12:00:00.400Z'))
  const app = await build(t, { clock })
  const session = await signUp(app)
  const first = await createCreative(app, session, [{ name: 'title', value: 'Holi' }, ...imageForm(images.png)])
  clock.advance(60_000)
  const { status, body } = await replace(app, session, { id: first.id, parts: imageForm(images.jpeg) })
  t.equal(status, 200)
  const second = creativeOf(body)
  t.match(second, {
    id: first.id,
    title: 'Holi',
    version: 2,
    created_at: first.created_at,
    updated_at: '2030-01-10T12:01:00.000Z',
    content_type: 'image/jpeg'
  })
  t.same(Object.keys(second), Object.keys(first))
  t.equal((await app.inject({ url: pathOf(first.creative_url) })).statusCode, 404)
  t.equal((await app.inject({ url: pathOf(second.creative_url) })).headers['content-type'], 'image/jpeg')
  const { files, ...traces } = await tracesOf(app)
  t.match(traces, { creatives: 1, images: ['ready'], usedBytes: second.byte_count, creativesOfTheDay: 1 })
  t.equal(files.length, 3)
})

t.test('only the owner can replace an image, and other users get 404', async (t) => {
  const app = await build(t)
  const [owner, other] = [await signUp(app), await signUp(app)]
  const creative = await createCreative(app, owner)
  const before = await tracesOf(app)
  const missing = { status: 404, body: { code: 'CHR_NOT_FOUND', error: 'You have no such creative.' } }
  t.match(await replace(app, other, creative), missing)
  t.match(await replace(app, owner, { id: creative.id + 1 }), missing)
  t.match(await replace(app, owner, { id: 0 }), { status: 400, body: { code: 'CHR_VALIDATION' } })
  const anonymous = await app.inject({
    method: 'PUT', url: `/creatives/${creative.id}/image`, headers: { 'content-type': formType }, payload: formOf(imageForm())
  })
  t.equal(anonymous.statusCode, 401)
  await app.creatives.delete(asOwner(owner, creative))
  t.match(await replace(app, owner, creative), missing)
  t.same(await tracesOf(app), before)
})

t.test('If-Match and version replace only the version that they name', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const { id } = await createCreative(app, session)
  const before = await tracesOf(app)
  const put = async (version: string | undefined, header?: string) => await replace(app, {
    ...session, headers: header === undefined ? {} : { 'if-match': header }
  }, {
    id, parts: [...version === undefined ? [] : [{ name: 'version', value: version }], ...imageForm()]
  })
  for (const header of ['"2"', '1', 'W/"1"', '"2", "3"']) {
    t.match(await put(undefined, header), {
      status: 412, body: { code: 'CHR_PRECONDITION_FAILED', current: { id, version: 1, content_type: 'image/png' } }
    }, header)
  }
  for (const version of ['2', '', '01', '1.0']) {
    t.match(await put(version), {
      status: 409, body: { code: 'CHR_VERSION_CONFLICT', current: { id, version: 1, content_type: 'image/png' } }
    }, version)
  }
  t.same(await tracesOf(app), before)
  t.match(await put('1', '"7", "1"'), { status: 200, body: { creative: { version: 2 } } })
  t.match(await put(undefined, '*'), { status: 200, body: { creative: { version: 3 } } })
})

t.test('a form that is not one image is refused, and changes nothing', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const { id } = await createCreative(app, session)
  const before = await tracesOf(app)
  const [file] = imageForm()
  if (file === undefined) throw new Error('no file')
  const rows: Array<[parts: Part[], status: number, code: string]> = [
    [[], 400, 'CHR_MULTIPART_INVALID'],
    [[file, file], 400, 'CHR_MULTIPART_INVALID'],
    [[file, { name: 'scheduled_at', value: '2090-01-01' }], 400, 'CHR_MULTIPART_INVALID'],
    [[{ ...file, value: heic }], 415, 'CHR_IMAGE_TYPE'],
    [[{ ...file, value: images.jpeg.subarray(0, 100) }], 422, 'CHR_IMAGE_BROKEN'],
    [[{ ...file, value: imageOf(10 * 1024 * 1024 + 1) }], 413, 'CHR_TOO_LARGE'],
    [[{ ...file, value: imageOf(11 * 1024 * 1024) }], 413, 'CHR_TOO_LARGE']
  ]
  for (const [parts, status, code] of rows) t.match(await replace(app, session, { id, parts }), { status, body: { code } })
  const headers = { authorization: session.authorization, 'content-type': 'application/json' }
  t.match(await app.inject({ method: 'PUT', url: `/creatives/${id}/image`, headers, payload: '{}' }), { statusCode: 415 })
  t.same(await tracesOf(app), before)
})

/** Checks that one image is stored, with its three blobs and its bytes in the quota. */
async function checkOneImage (
  t: { match: (found: unknown, wanted: object) => boolean, equal: (found: unknown, wanted: unknown) => boolean }, app: FastifyInstance
): Promise<void> {
  const { rows: [row] } = await app.pg.pool.query('select creative_url, byte_count from creatives')
  const { files, ...traces } = await tracesOf(app)
  t.match(traces, { creatives: 1, images: ['ready'], usedBytes: row.byte_count, creativesOfTheDay: 1 })
  t.equal(files.join(), ['original', 'preview', 'thumbnail'].map((variant) => `${row.creative_url}.${variant}`).join())
}

t.test('concurrent replacements leave one image, and the images of the others are deleted', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const { id } = await createCreative(app, session)
  const replies = await Promise.all(Array.from({ length: 10 }, async (_none, index) =>
    await replace(app, session, { id, parts: imageForm(index % 2 === 0 ? images.gif : images.jpeg) })))
  t.same(replies.map(({ body }) => creativeOf(body).version).sort((first, second) => first - second), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  await checkOneImage(t, app)
})

t.test('one of several concurrent replacements of a version succeeds, and the others answer 412', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const { id } = await createCreative(app, session)
  const latch = latchBeforeDecoding(t, app)
  const replies = Array.from({ length: 6 }, async () => await replace(app, { ...session, headers: { 'if-match': '"1"' } }, { id }))
  await until('all replacements wait', () => latch.waiting === 6)
  latch.open()
  t.same((await Promise.all(replies)).map(({ status }) => status).sort(), [200, 412, 412, 412, 412, 412])
  await checkOneImage(t, app)
})

t.test('a creative that is deleted during a replacement has its old image after a restore', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const creative = await createCreative(app, session)
  afterDecoding(t, app, async () => { await app.creatives.delete(asOwner(session, creative)) })
  t.match(await replace(app, session, creative), { status: 404 })
  await app.creatives.restore(asOwner(session, creative))
  t.equal((await app.inject({ url: pathOf(creative.creative_url) })).statusCode, 200)
  await checkOneImage(t, app)
})

t.test('a creative that is purged during a replacement leaves nothing behind', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const session = await signUp(app)
  const creative = await createCreative(app, session)
  afterDecoding(t, app, async () => {
    await app.creatives.delete(asOwner(session, creative))
    clock.advance(660_000)
    await app.creatives.purge()
  })
  t.match(await replace(app, session, creative), { status: 404 })
  t.match(await tracesOf(app), { creatives: 0, images: [], files: [], usedBytes: 0, creativesOfTheDay: 1 })
})

t.test('concurrent deletions, restorations, purges and replacements leave a creative complete or purged', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const session = await signUp(app)
  const creative = await createCreative(app, session)
  const mine = asOwner(session, creative)
  const ignoreMissing = async (work: Promise<unknown>) => {
    await work.catch(
      (error: { code?: string }) => { if (error.code !== 'CHR_NOT_FOUND') throw error }
    )
  }
  await Promise.all(Array.from({ length: 24 }, async (_none, index) => {
    if (index % 3 === 0) await replace(app, session, creative)
    else if (index % 3 === 1) await ignoreMissing(app.creatives.delete(mine))
    else await ignoreMissing(app.creatives.restore(mine))
    await app.creatives.purge()
  }))
  await checkOneImage(t, app)
  await ignoreMissing(app.creatives.delete(mine))
  clock.advance(660_000)
  await Promise.all([replace(app, session, creative), app.creatives.purge(), app.creatives.purge()])
  t.match(await tracesOf(app), { creatives: 0, images: [], files: [], usedBytes: 0 })
})

t.test('a replacement succeeds if the old blobs cannot be deleted, and leaves them to the sweep', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const creative = await createCreative(app, session)
  const errors = collectErrors(t, app, /the sweep will/)
  t.intercept(app.blobs, 'delete', { value: async () => { throw new Error('the disk is gone') } })
  const { status, body } = await replace(app, session, creative)
  t.equal(status, 200)
  t.match(errors, [[{ err: { message: 'the disk is gone' }, key: /^[0-9a-f]{32}$/ }, /discarded images/]])
  t.match(await tracesOf(app), { images: ['discarded', 'ready'], usedBytes: creativeOf(body).byte_count })
})
