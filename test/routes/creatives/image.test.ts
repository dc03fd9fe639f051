import { parse as parseDisposition } from 'content-disposition'
import t from 'tap'
import { ask, seedCreative } from '../../support/creatives.ts'
import { pathOf } from '../../support/forms.ts'
import { images } from '../../fixtures/images.ts'
import { build, createClock, signUp } from '../../support/helper.ts'
import { createCluster } from '../../support/instances.ts'

const hourMs = 3_600_000
const noon = Date.parse('2030-01-10T12:00:00Z')

t.test('each signed link serves its variant without a token until it expires', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:30:00Z'))
  const app = await build(t, { clock })
  const { userId } = await signUp(app)
  const { id, bytes } = await seedCreative(app, { ownerId: userId, original: images.jpeg, contentType: 'image/jpeg' })
  const { url, previewUrl, thumbnailUrl } = app.creatives.linksTo(await app.creatives.get(id, userId))
  const rows = [[url, 'original', 'image/jpeg'], [previewUrl, 'preview', 'image/webp'], [thumbnailUrl, 'thumbnail', 'image/webp']] as const
  const tags = new Set()
  for (const [link, variant, type] of rows) {
    const response = await app.inject({ url: pathOf(link) })
    t.equal(response.statusCode, 200, variant)
    t.ok(response.rawPayload.equals(bytes[variant]), variant)
    t.match(response.headers, {
      'content-type': type,
      'content-length': String(bytes[variant].length),
      'cache-control': 'private, max-age=5400, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      'content-disposition': `inline; filename=creative-${id}.${type.slice(6)}`,
      'accept-ranges': 'bytes',
      etag: /^"[\w-]{43}"$/,
      vary: 'Authorization'
    })
    tags.add(response.headers.etag)
  }
  t.equal(tags.size, 3, 'each variant has its own ETag')
  const open = async () => await app.inject({ url: pathOf(url) })
  clock.advance(1.5 * hourMs - 1)
  t.match(await open(), { statusCode: 200, headers: { 'cache-control': 'private, max-age=0, immutable' } })
  clock.advance(1)
  const expired = await open()
  t.match(expired, { statusCode: 403, headers: { 'cache-control': 'no-store', 'content-type': /json/ } })
  t.match(expired.json(), { code: 'CHR_LINK_EXPIRED' })
})

t.test('HEAD has the headers of GET and does not open the image', async (t) => {
  const app = await build(t, { clock: createClock() })
  const { userId } = await signUp(app)
  const { id } = await seedCreative(app, { ownerId: userId })
  const url = pathOf(app.creatives.linksTo(await app.creatives.get(id, userId)).previewUrl)
  const get = await app.inject({ url })
  const opened = t.capture(app.blobs, 'open', app.blobs.open)
  const head = await app.inject({ method: 'HEAD', url, headers: { range: 'bytes=0-0' } })
  t.equal(head.statusCode, 200, 'HEAD ignores the Range header')
  t.equal(head.rawPayload.length, 0)
  for (const name of [
    'content-type', 'content-length', 'cache-control', 'content-disposition', 'etag', 'accept-ranges'
  ]) t.equal(head.headers[name], get.headers[name], name)
  t.equal((await app.inject({ method: 'HEAD', url, headers: { 'if-none-match': '*' } })).statusCode, 304)
  t.equal(opened().length, 0)
})

t.test('an owner with a token always gets the image, and other users only while it is due and the schedule is shared', async (t) => {
  const clock = createClock(noon)
  const { start } = await createCluster(t)
  const apps = { shared: await start({}, clock), private: await start({ SCHEDULE_VISIBILITY: 'private' }, clock) }
  const [owner, other] = [await signUp(apps.shared), await signUp(apps.shared)]
  // It is already 11 January on Kiritimati, so 12 January is tomorrow in some time zone, and 13 January in none.
  const rows = [
    [null, 404], ['2030-01-09', 404], ['2030-01-10', 200], ['2030-01-12', 200], ['2030-01-13', 404], ['2031-01-01', 404]
  ] as const
  for (const [date, seenByOthers] of rows) {
    const { id } = await seedCreative(apps.shared, { ownerId: owner.userId, date })
    for (const url of [`/creatives/${id}/image`, `/creatives/${id}/image?variant=thumbnail`, `/creatives/${id}`]) {
      t.equal((await ask(apps.shared, other, url)).statusCode, seenByOthers, `shared, ${date}, ${url}`)
      t.equal((await ask(apps.private, other, url)).statusCode, 404, `private, ${date}, ${url}`)
      for (const app of Object.values(apps)) t.equal((await ask(app, owner, url)).statusCode, 200)
    }
  }
  const { id } = await seedCreative(apps.shared, { ownerId: owner.userId })
  t.match(await ask(apps.shared, owner, `/creatives/${id}/image`), {
    headers: { 'cache-control': 'private, no-cache', vary: 'Authorization' }
  }, 'clients must revalidate, because the image may be replaced')
})

t.test('a creative whose date is past in every time zone is visible only to its owner', async (t) => {
  const clock = createClock(noon)
  const app = await build(t, { clock })
  const [owner, other] = [await signUp(app), await signUp(app)]
  const { id } = await seedCreative(app, { ownerId: owner.userId })
  const status = async (session: typeof owner) => (await ask(app, session, `/creatives/${id}/image`)).statusCode
  clock.advance(23 * hourMs)
  t.equal(await status(other), 200, 'it is still the 10th on Baker Island at 11:00 UTC of the next day')
  clock.advance(1 * hourMs)
  t.equal(await status(other), 404)
  t.equal(await status(owner), 200)
})

t.test('pages of other origins may embed images when CORS_ORIGINS is set', async (t) => {
  const app = await build(t, { env: { CORS_ORIGINS: 'https://app.example' } })
  const session = await signUp(app)
  const { id } = await seedCreative(app, { ownerId: session.userId })
  const { headers } = await ask(app, session, `/creatives/${id}/image`, { headers: { origin: 'https://app.example' } })
  t.equal(headers['cross-origin-resource-policy'], 'cross-origin')
  t.match(headers['access-control-expose-headers'], /content-range/)
})

t.test('Content-Disposition has the title as a file name that every client can parse', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const rows: Array<[string, string, RegExp]> = [
    ['Diwali', 'Diwali.png', /^inline; filename=Diwali.png$/],
    ['दिवाली 🪔', 'दिवाली 🪔.png', /^inline; filename=creative-\d+\.png; filename\*=UTF-8''%E0/],
    ['a"; filename=evil.html', 'a ; filename=evil.html.png', /^inline; filename="a ; filename=evil.html.png"$/],
    ['x\r\nSet-Cookie: a=b', 'x Set-Cookie a=b.png', /^inline; [^\r\n]*$/],
    ['../../etc/passwd', 'etc passwd.png', /^inline; filename="etc passwd.png"$/],
    ['\u202e', 'creative-6.png', /^inline; filename=creative-6.png$/]
  ]
  for (const [title, name, header] of rows) {
    const { id } = await seedCreative(app, { ownerId: session.userId, title })
    const { headers, statusCode } = await ask(app, session, `/creatives/${id}/image`)
    t.equal(statusCode, 200, title)
    t.match(headers['content-disposition'], header)
    t.equal(parseDisposition(String(headers['content-disposition'])).parameters['filename'], name)
    t.equal(headers['set-cookie'], undefined)
  }
})
