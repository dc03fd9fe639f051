import t from 'tap'
import { ask, seedCreative } from '../../support/creatives.ts'
import { pathOf } from '../../support/forms.ts'
import { build, signUp } from '../../support/helper.ts'
import { createCluster } from '../../support/instances.ts'

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

t.test('a link with any part changed answers 404', async (t) => {
  const app = await build(t)
  const { userId } = await signUp(app)
  const [first, second] = [await seedCreative(app, { ownerId: userId }), await seedCreative(app, { ownerId: userId })]
  const { searchParams } = new URL(app.creatives.linksTo(await app.creatives.get(first.id, userId)).url)
  const [expires, signature] = [Number(searchParams.get('expires')), searchParams.get('signature') ?? '']
  const changed = [...signature].flatMap((character, at) => [...base64url.slice(0, at === signature.length - 1 ? 64 : 2)]
    .filter((other) => other !== character).map((other) => signature.slice(0, at) + other + signature.slice(at + 1)))
  const links = [
    ...[...changed, '', signature.slice(1), `${signature}A`, `${signature}=`, `${signature}%20`, signature.toLowerCase()]
      .map((other) => `/creatives/${first.id}/image?expires=${expires}&signature=${other}`),
    `/creatives/${first.id}/image?expires=${expires + 3600}&signature=${signature}`,
    `/creatives/${first.id}/image?expires=${expires - 1}&signature=${signature}`,
    `/creatives/${first.id}/image?variant=preview&expires=${expires}&signature=${signature}`,
    `/creatives/${first.id}/image?variant=thumbnail&expires=${expires}&signature=${signature}`,
    `/creatives/${second.id}/image?expires=${expires}&signature=${signature}`,
    `/creatives/999/image?expires=${expires}&signature=${signature}`
  ]
  const opened = []
  for (const url of links) {
    const response = await app.inject({ url })
    if (response.statusCode !== 404 || response.json().code !== 'CHR_NOT_FOUND') opened.push(url)
  }
  t.same(opened, [])
  t.ok(links.length > 100)
})

t.test('a link opens with parameters that others add to it', async (t) => {
  const app = await build(t)
  const { userId } = await signUp(app)
  const { id } = await seedCreative(app, { ownerId: userId })
  const links = app.creatives.linksTo(await app.creatives.get(id, userId))
  for (const url of [links.url, links.previewUrl, links.thumbnailUrl].map(pathOf)) {
    for (const query of ['fbclid=1', 'utm_source=a&utm_medium=b', 'gclid=', 'utm_source=a&utm_source=b', '_=1764566400', 'x']) {
      t.equal((await app.inject({ url: `${url}&${query}` })).statusCode, 200, `${query} at the end`)
      t.equal((await app.inject({ url: url.replace('?', `?${query}&`) })).statusCode, 200, `${query} at the start`)
    }
    t.not((await app.inject({ url: `${url}&signature=x` })).statusCode, 200, 'a second signature is not ignored')
  }
})

t.test('a URL without expires or signature answers 401 when there is no token', async (t) => {
  const app = await build(t)
  const { userId } = await signUp(app)
  const { id } = await seedCreative(app, { ownerId: userId })
  for (const name of ['expires', 'signature']) {
    const half = new URL(app.creatives.linksTo(await app.creatives.get(id, userId)).url)
    half.searchParams.delete(name)
    t.equal((await app.inject({ url: pathOf(half.href) })).statusCode, 401)
  }
  t.match(await app.inject({ url: `/creatives/${id}/image` }), { statusCode: 401, headers: { 'www-authenticate': 'Bearer' } })
  t.match(await app.inject({ url: `/creatives/${id}/image?variant=huge` }), { statusCode: 400, headers: {} })
})

t.test('a replaced image gets new links, and the old links answer 404', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const { id } = await seedCreative(app, { ownerId: session.userId })
  const links = async () => {
    const { url, previewUrl, thumbnailUrl } = app.creatives.linksTo(await app.creatives.get(id, session.userId))
    return [url, previewUrl, thumbnailUrl]
  }
  const old = await links()
  await app.pg.pool.query('update creatives set sha256 = sha256(sha256) where id = $1', [id])
  const fresh = await links()
  for (const [index, url] of old.entries()) {
    t.equal((await app.inject({ url: pathOf(url) })).statusCode, 404)
    t.not(fresh[index], url)
    t.equal((await app.inject({ url: pathOf(fresh[index] ?? '') })).statusCode, 200)
  }
})

t.test('a deleted creative answers 404 to its links and its owner until it is restored', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const { id } = await seedCreative(app, { ownerId: session.userId })
  const { url, previewUrl, thumbnailUrl } = app.creatives.linksTo(await app.creatives.get(id, session.userId))
  const urls = [url, previewUrl, thumbnailUrl]
  await app.pg.pool.query('update creatives set deleted_at = now() where id = $1', [id])
  for (const link of urls) t.equal((await app.inject({ url: pathOf(link) })).statusCode, 404)
  for (const address of [`/creatives/${id}`, `/creatives/${id}/image`]) t.equal((await ask(app, session, address)).statusCode, 404)
  await app.pg.pool.query('update creatives set deleted_at = null where id = $1', [id])
  for (const link of urls) t.equal((await app.inject({ url: pathOf(link) })).statusCode, 200, 'the link works again after the restore')
})

t.test('links stay valid as long as APP_SECRET contains the secret that signed them', async (t) => {
  const { start } = await createCluster(t)
  const [old, fresh] = ['the old secret of this test that is long enough', 'the new secret of this test that is long enough']
  const first = await start({ APP_SECRET: old })
  const { userId } = await signUp(first)
  const { id } = await seedCreative(first, { ownerId: userId })
  const { thumbnailUrl } = first.creatives.linksTo(await first.creatives.get(id, userId))
  for (const [secrets, status] of [[`${old},${fresh}`, 200], [`${fresh},${old}`, 200], [fresh, 404]] as const) {
    const app = await start({ APP_SECRET: secrets })
    t.equal((await app.inject({ url: pathOf(thumbnailUrl) })).statusCode, status)
  }
})

t.test('a creative of another user gets the same response as a missing one', async (t) => {
  const app = await build(t)
  const [owner, other] = [await signUp(app), await signUp(app)]
  const { id } = await seedCreative(app, { ownerId: owner.userId, date: null })
  const responses = []
  for (const subject of [id, 4711, Number.MAX_SAFE_INTEGER]) {
    for (const path of [`/creatives/${subject}`, `/creatives/${subject}/image`]) {
      const { statusCode, body, headers } = await ask(app, other, path)
      const { request_id: requestId, ...reply } = JSON.parse(body)
      t.type(requestId, 'string')
      responses.push(JSON.stringify({ statusCode, reply, headers: Object.keys(headers) }))
    }
    const { statusCode, body } = await ask(app, other, `/creatives/${subject}`, { method: 'PATCH', payload: { title: 'Mine', version: 1 } })
    responses.push(JSON.stringify({
      statusCode, reply: { error: JSON.parse(body).error, code: JSON.parse(body).code }, headers: JSON.parse(responses[0] ?? '').headers
    }))
  }
  t.equal(new Set(responses).size, 1)
  t.match(responses[0], /404/)
  for (const bad of [
    '0', '-1', '1.5', 'abc', '9007199254740993', '1e3x'
  ]) t.equal((await ask(app, other, `/creatives/${bad}`)).statusCode, 400, bad)
})
