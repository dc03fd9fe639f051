import { rm } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { createCreative, creativeForm, pathOf, upload } from '../../forms.ts'
import { images } from '../../fixtures/images.ts'
import { build, createClock, signUp } from '../../helper.ts'
import { createCluster } from '../../instances.ts'

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const hourMs = 3_600_000

t.test('creative_url shows the image to whoever has it, until it ends', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:30:00Z'))
  const app = await build(t, { clock })
  const { id, creative_url: url } = await createCreative(app, await signUp(app), creativeForm({ file: images.jpeg, date: '2030-01-01' }))
  const open = async () => await app.inject({ url: pathOf(url) })
  const response = await open()
  t.equal(response.statusCode, 200)
  t.ok(response.rawPayload.equals(images.jpeg))
  t.match(response.headers, {
    'content-type': 'image/jpeg',
    'content-length': String(images.jpeg.length),
    'cache-control': 'private, max-age=5400, immutable',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'content-disposition': `inline; filename="creative-${id}.jpeg"`,
    vary: 'Authorization'
  })
  t.equal(new URL(url).searchParams.get('expires'), String(Date.parse('2030-01-01T02:00:00Z') / 1000))
  clock.advance(1.5 * hourMs - 1)
  t.equal((await open()).statusCode, 200)
  t.equal((await open()).headers['cache-control'], 'private, max-age=0, immutable')
  clock.advance(1)
  t.match(await open(), { statusCode: 404, headers: { 'cache-control': 'no-store', 'content-type': /json/ } })
})

t.test('HEAD says what GET would, without the bytes', async (t) => {
  const app = await build(t)
  const { creative_url: url } = await createCreative(app, await signUp(app))
  const [get, head] = await Promise.all((['GET', 'HEAD'] as const).map(async (method) => await app.inject({ method, url: pathOf(url) })))
  t.equal(head?.statusCode, 200)
  t.equal(head?.rawPayload.length, 0)
  for (const name of ['content-type', 'content-length', 'cache-control', 'content-disposition']) t.equal(head?.headers[name], get?.headers[name], name)
})

t.test('a link that was changed anywhere opens nothing', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const [first, second] = [await createCreative(app, session), await createCreative(app, session)]
  const { searchParams } = new URL(first.creative_url)
  const [expires, signature] = [Number(searchParams.get('expires')), searchParams.get('signature') ?? '']
  const changed = [...signature].flatMap((character, at) => [...base64url.slice(0, at === signature.length - 1 ? 64 : 2)]
    .filter((other) => other !== character).map((other) => signature.slice(0, at) + other + signature.slice(at + 1)))
  const links = [
    ...[...changed, '', signature.slice(1), `${signature}A`, `${signature}=`, `${signature}%20`, signature.toLowerCase()]
      .map((other) => `/creatives/${first.id}/image?expires=${expires}&signature=${other}`),
    `/creatives/${first.id}/image?expires=${expires + 3600}&signature=${signature}`,
    `/creatives/${first.id}/image?expires=${expires - 1}&signature=${signature}`,
    `/creatives/${second.id}/image?expires=${expires}&signature=${signature}`
  ]
  const opened = []
  for (const url of links) {
    const response = await app.inject({ url })
    if (response.statusCode !== 404 || response.json().code !== 'CHR_NOT_FOUND') opened.push(url)
  }
  t.same(opened, [])
  t.ok(links.length > 100)
})

t.test('half a link is no link', async (t) => {
  const app = await build(t)
  const { id, creative_url: url } = await createCreative(app, await signUp(app))
  for (const name of ['expires', 'signature']) {
    const half = new URL(url)
    half.searchParams.delete(name)
    t.equal((await app.inject({ url: pathOf(half.href) })).statusCode, 401)
  }
  t.match(await app.inject({ url: `/creatives/${id}/image` }), { statusCode: 401, headers: { 'www-authenticate': 'Bearer' } })
})

t.test('with a token: the owner always, others while it is due and the schedule is shared', async (t) => {
  const clock = createClock(Date.parse('2030-01-10T12:00:00Z'))
  const { start } = await createCluster(t)
  const apps = { shared: await start({}, clock), private: await start({ SCHEDULE_VISIBILITY: 'private' }, clock) }
  const [owner, other] = [await signUp(apps.shared), await signUp(apps.shared)]
  // On Kiritimati it is 11 January already, so the 12th is somebody's tomorrow; the 13th is nobody's.
  const rows = [['2030-01-10', 200], ['2030-01-11', 200], ['2030-01-12', 200], ['2030-01-13', 404], ['2031-01-01', 404]] as const
  for (const [date, seenByOthers] of rows) {
    const { id } = await createCreative(apps.shared, owner, creativeForm({ date }))
    const ask = async (visibility: keyof typeof apps, { authorization }: typeof owner) =>
      await apps[visibility].inject({ url: `/creatives/${id}/image`, headers: { authorization } })
    t.equal((await ask('shared', other)).statusCode, seenByOthers, `shared, ${date}`)
    t.equal((await ask('private', other)).statusCode, 404, `private, ${date}`)
    for (const visibility of ['shared', 'private'] as const) {
      t.match(await ask(visibility, owner), { statusCode: 200, headers: { 'cache-control': 'no-store', vary: 'Authorization' } })
    }
  }
})

t.test('what was due yesterday everywhere is the owner\'s alone again', async (t) => {
  const clock = createClock(Date.parse('2030-01-10T12:00:00Z'))
  const app = await build(t, { clock })
  const [owner, other] = [await signUp(app), await signUp(app)]
  const { id } = await createCreative(app, owner, creativeForm({ date: '2030-01-10' }))
  const ask = async ({ authorization }: typeof owner) => (await app.inject({ url: `/creatives/${id}/image`, headers: { authorization } })).statusCode
  clock.advance(23 * hourMs)
  t.equal(await ask(other), 200, '11:00 UTC next day is still the 10th on Baker Island')
  clock.advance(1 * hourMs)
  t.equal(await ask(other), 404)
  t.equal(await ask(owner), 200)
})

t.test('links outlive a rotation of APP_SECRET, and end with the secret that signed them', async (t) => {
  const { start } = await createCluster(t)
  const [old, fresh] = ['the old secret of this test that is long enough', 'the new secret of this test that is long enough']
  const first = await start({ APP_SECRET: old })
  const session = await signUp(first)
  const { creative_url: url } = await createCreative(first, session)
  for (const [secrets, status] of [[`${old},${fresh}`, 200], [`${fresh},${old}`, 200], [fresh, 404]] as const) {
    const app = await start({ APP_SECRET: secrets })
    t.equal((await app.inject({ url: pathOf(url) })).statusCode, status)
  }
})

t.test('a pending row and a lost file are not found', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const { id, creative_url: url } = await createCreative(app, session)
  const ask = async () => await app.inject({ url: pathOf(url) })
  await app.pg.pool.query("update creatives set state = 'pending' where id = $1", [id])
  t.equal((await ask()).statusCode, 404)
  await app.pg.pool.query("update creatives set state = 'ready' where id = $1", [id])
  t.equal((await ask()).statusCode, 200)
  const { rows: [{ creative_url: key }] } = await app.pg.pool.query('select creative_url from creatives')
  await rm(path.join(app.config.DATA_DIR, 'uploads', key.slice(0, 2), key))
  t.match(await ask(), { statusCode: 404, headers: { 'content-type': /json/ } })
  t.equal((await upload(app, session)).status, 200)
})
