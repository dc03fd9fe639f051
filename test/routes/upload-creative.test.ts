import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { defaultUploadBytes } from '../../src/domain/creatives/image.ts'
import { createCreative, creativeForm, formOf, formType, nextWeek, pathOf, upload } from '../support/forms.ts'
import { heic, imageOf, images } from '../fixtures/images.ts'
import { build, createClock, signUp } from '../support/helper.ts'
import { storedFiles, tracesOf } from '../support/traces.ts'

const app = await build(t)
const session = await signUp(app)

const sniff = (bytes: Buffer) => bytes.toString('latin1', 8, 12) === 'WEBP' ? 'webp' : bytes.toString('latin1', 1, 4).toLowerCase()

t.test('an image is stored under a random name and served at creative_url', async (t) => {
  const { status, body, headers } = await upload(app, session, creativeForm({ title: ' Holi ', alt_text: 'Two people throw colours' }))
  t.equal(status, 200)
  t.equal(headers['cache-control'], 'no-store')
  t.same(Object.keys(body), ['creative'])
  const creative = body['creative'] as Awaited<ReturnType<typeof createCreative>>
  t.match(creative, {
    id: Number,
    scheduled_at: nextWeek(),
    title: 'Holi',
    alt_text: 'Two people throw colours',
    version: 1,
    created_at: /^\d{4}-\d\d-\d\dT[\d:]{8}\.000Z$/,
    updated_at: creative.created_at,
    content_type: 'image/png',
    byte_count: images.png.length,
    width: 1,
    height: 1,
    frame_count: 1,
    dominant_color: /^#[0-9a-f]{6}$/,
    thumb_hash: /^[\w+/]+=*$/,
    removed: [],
    duplicate_of: null
  })
  t.match(creative.creative_url, new RegExp(
    `^http://127\\.0\\.0\\.1:4000/creatives/${creative.id}/image\\?expires=\\d+&signature=[\\w-]{43}$`
  ))
  const image = await app.inject({ url: pathOf(creative.creative_url) })
  t.ok(image.rawPayload.equals(images.png))

  const { rows: [row] } = await app.pg.pool.query(
    'select *, images.user_id as owner from creatives join images on key = creative_url where id = $1', [creative.id]
  )
  const digest = createHash('sha256').update(images.png).digest()
  t.match(row, {
    user_id: session.userId, owner: session.userId, state: 'ready', quota_bytes: images.png.length, sha256: digest, source_sha256: digest
  })
  t.match(row.creative_url, /^[0-9a-f]{32}$/)
  t.same(await storedFiles(app), ['original', 'preview', 'thumbnail'].map((variant) => `${row.creative_url}.${variant}`))
  for (const variant of ['original', 'preview', 'thumbnail'] as const) {
    const { stream, byteCount } = await app.blobs.open(`${row.creative_url}.${variant}`) ?? {}
    const bytes = await buffer(stream ?? Readable.from([]))
    t.same(row.blobs[variant], { byte_count: byteCount, sha256: createHash('sha256').update(bytes).digest('hex') })
    t.equal(sniff(bytes), variant === 'original' ? 'png' : 'webp')
  }
})

t.test('an upload without a date or with an empty one creates a draft', async (t) => {
  const file = creativeForm().slice(-1)
  for (const parts of [file, [{ name: 'scheduled_at', value: '' }, ...file], [{ name: 'tz', value: 'Asia/Kolkata' }, ...file]]) {
    t.match(await upload(app, session, parts), { status: 200, body: { creative: { scheduled_at: null, title: null, alt_text: null } } })
  }
})

t.test('an upload of the same file names the existing creative in duplicate_of', async (t) => {
  const [owner, other] = [await signUp(app), await signUp(app)]
  const first = await createCreative(app, owner)
  const second = await createCreative(app, owner)
  t.same([first.duplicate_of, second.duplicate_of], [null, first.id])
  t.match(await createCreative(app, owner), { duplicate_of: first.id }, 'the oldest duplicate is named')
  t.match(await createCreative(app, owner, creativeForm({ file: images.gif })), { duplicate_of: null }, 'another file is not a duplicate')
  t.match(await createCreative(app, other), { duplicate_of: null }, 'the same file of another user is not a duplicate')
  await app.creatives.delete({ id: first.id, userId: owner.userId })
  t.match(await createCreative(app, owner), { duplicate_of: second.id }, 'a deleted creative is not named')
})

t.test('file, date and time zone may come in any order', async (t) => {
  const [date, zone, file] = creativeForm({ tz: 'Asia/Kolkata', date: nextWeek() })
  const orders = [[file, date], [date, file], [file, date, zone], [zone, file, date], [file, zone, date]]
  for (const given of orders) {
    const parts = given.filter((part) => part !== undefined)
    const order = parts.map(({ name }) => name).join(', ')
    t.match(await upload(app, session, parts), { status: 200, body: { creative: { scheduled_at: nextWeek() } } }, order)
  }
})

t.test('the content type is detected from the bytes, not from the file name or the declared type', async (t) => {
  for (const [type, file] of Object.entries(images)) {
    const { status, body } = await upload(app, session, creativeForm({ file, filename: '../../etc/a.txt' }))
    t.match({ status, body }, { status: 200, body: { creative: { content_type: `image/${type}` } } })
  }
  const gif87 = Buffer.from(images.gif.toString('latin1').replace('GIF89a', 'GIF87a'), 'latin1')
  t.match(await upload(app, session, creativeForm({ file: gif87, filename: 'a\0.png' })), {
    body: { creative: { content_type: 'image/gif' } }
  })
  t.match(await upload(app, session, creativeForm({ file: heic, filename: 'a.jpg' })), {
    status: 415, body: { code: 'CHR_IMAGE_TYPE', error: /^This is HEIC\. Send .* AVIF\. On an iPhone, choose Settings > Camera > Formats/ }
  })
})

t.test('an image of exactly 10 MiB is accepted', async (t) => {
  t.equal((await upload(app, session, creativeForm({ file: imageOf(defaultUploadBytes) }))).status, 200)
})

t.test('an empty tz field means the default time zone', async (t) => {
  t.equal((await upload(app, session, creativeForm({ tz: '' }))).status, 200)
})

t.test('an upload without a token is refused and leaves no traces', async (t) => {
  const before = await tracesOf(app)
  const payload = formOf(creativeForm())
  const response = await app.inject({ method: 'POST', url: '/upload-creative', headers: { 'content-type': formType }, payload })
  t.equal(response.statusCode, 401)
  t.same(await tracesOf(app), before)
})

t.test('PUBLIC_URL is the base of the links', async (t) => {
  const app = await build(t, { env: { PUBLIC_URL: 'https://cheershare.example/api/' } })
  const { creative_url: url } = await createCreative(app, await signUp(app))
  t.match(url, /^https:\/\/cheershare\.example\/api\/creatives\/1\/image\?/)
})

t.test('the earliest date is today in the time zone of the request', async (t) => {
  const clock = createClock(Date.parse('2030-03-09T20:00:00Z'))
  const app = await build(t, { clock, env: { DEFAULT_TIME_ZONE: 'America/New_York' } })
  const session = await signUp(app)
  const rows: Array<[tz: string | undefined, date: string, status: number]> = [
    ['UTC', '2030-03-09', 200], ['UTC', '2030-03-08', 400],
    ['Asia/Kolkata', '2030-03-10', 200], ['Asia/Kolkata', '2030-03-09', 400],
    ['Pacific/Kiritimati', '2030-03-10', 200], ['Pacific/Kiritimati', '2030-03-09', 400],
    [undefined, '2030-03-09', 200], [undefined, '2030-03-08', 400], [undefined, '9999-12-31', 200]
  ]
  const check = async () => {
    for (const [tz, date, status] of rows) {
      const reply = await upload(app, session, creativeForm({ date, ...(tz === undefined ? {} : { tz }) }))
      const body = status === 200 ? { creative: { scheduled_at: date } } : { code: 'CHR_DATE_PAST' }
      t.match(reply, { status, body }, `${tz ?? 'default'} ${date}`)
    }
  }
  await check()
  clock.advance(12 * 3_600_000)
  for (const [tz, date, status] of [['UTC', '2030-03-09', 400], [undefined, '2030-03-09', 400], [undefined, '2030-03-10', 200]] as const) {
    t.equal((await upload(app, session, creativeForm({ date, ...(tz === undefined ? {} : { tz }) }))).status, status)
  }
})

t.test('a storage failure answers 503 and leaves at most a discarded image for the sweep', async (t) => {
  const breakStaging = async (uploads: string) => {
    await rm(path.join(uploads, 'staging'), { recursive: true })
    await writeFile(path.join(uploads, 'staging'), 'not a folder')
  }
  const breakBlobs = async (uploads: string) => {
    const names = Array.from({ length: 256 }, (_none, index) => index.toString(16).padStart(2, '0'))
    await Promise.all(names.map(async (name) => { await writeFile(path.join(uploads, name), 'not a folder') }))
  }
  await t.test('the staging folder fails', async (t) => { await testStorageFailure(t, breakStaging, []) })
  // Deletions fail there too, so the sweep has to remove the image.
  await t.test('the image folders fail', async (t) => { await testStorageFailure(t, breakBlobs, ['discarded']) })
})

async function testStorageFailure (t: Test, breakStorage: (uploads: string) => Promise<void>, imagesLeft: string[]): Promise<void> {
  const app = await build(t)
  const session = await signUp(app)
  await breakStorage(path.join(app.config.process.dataDir, 'uploads'))
  const before = await tracesOf(app)
  const { status, body, headers } = await upload(app, session)
  t.equal(status, 503)
  t.match(body, { code: 'CHR_UNAVAILABLE', error: 'The service is temporarily unavailable. Try again shortly.' })
  t.match(headers, { 'retry-after': '1' })
  t.same(await tracesOf(app), { ...before, images: imagesLeft })
}

t.test('UPLOAD_MAX_BYTES limits the size of images, and the API document states it', async (t) => {
  const app = await build(t, { env: { UPLOAD_MAX_BYTES: '65536' } })
  const session = await signUp(app)
  t.equal((await upload(app, session, creativeForm({ file: imageOf(65_536) }))).status, 200)
  t.match(await upload(app, session, creativeForm({ file: imageOf(65_537) })), {
    status: 413, body: { code: 'CHR_TOO_LARGE', error: 'The image is larger than 64 KiB.' }
  })
  t.match((await app.inject('/docs/json')).body, 'JPEG, PNG, GIF, WebP or AVIF, at most 64 KiB')
})
