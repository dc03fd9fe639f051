import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { createCreative } from '../../support/forms.ts'
import { build, createClock, signUp } from '../../support/helper.ts'
import { createCreativeJsonCache } from '../../../src/http/creative-json-cache.ts'

/** Returns how many creatives were serialized since the last call. */
function countWritten (t: Test, app: FastifyInstance): () => number {
  const calls = t.capture(app.creatives, 'linksTo', app.creatives.linksTo)
  return () => calls().length
}

t.test('a creative is serialized once, and again for a new version or new links', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const cache = createCreativeJsonCache(app)
  const session = await signUp(app)
  const { id } = await createCreative(app, session)
  const owner = { userId: session.userId, ownerName: 'Asha' }
  const written = countWritten(t, app)
  const titleOf = async (version: number) => (await cache.read([{ id, version, ...owner }], session.userId)).map(
    (json) => (JSON.parse(json) as { title: string | null }).title
  )
  t.same([await titleOf(1), await titleOf(1), written()], [[null], [null], 1])
  await app.pg.pool.query('update creatives set title = \'Diwali\', version = 2')
  t.same([await titleOf(1), written()], [[null], 0], 'the cached version 1')
  t.same([await titleOf(2), await titleOf(2), written()], [['Diwali'], ['Diwali'], 1])
  clock.advance(3_600_000)
  t.same([await titleOf(2), written()], [['Diwali'], 1])
})

t.test('each viewer gets the present name of the owner, and whether the creative is their own', async (t) => {
  const app = await build(t)
  const cache = createCreativeJsonCache(app)
  const { id, userId } = { ...await createCreative(app, await signUp(app)), userId: 1 }
  const read = async (viewerId: number, ownerName: string) => {
    const [json = ''] = await cache.read([{ id, version: 1, userId, ownerName }], viewerId)
    const { owner, is_mine: isMine } = JSON.parse(json) as { owner: object, is_mine: boolean }
    return { owner, isMine }
  }
  t.same(await read(userId, 'Asha'), { owner: { id: userId, name: 'Asha' }, isMine: true })
  t.same(await read(userId + 1, 'Asha'), { owner: { id: userId, name: 'Asha' }, isMine: false })
  t.same(await read(userId, '"Ravi" \\'), { owner: { id: userId, name: '"Ravi" \\' }, isMine: true }, 'after a change of the name')
})

t.test('a creative that was deleted since it was listed is left out, and the others keep their order', async (t) => {
  const app = await build(t)
  const cache = createCreativeJsonCache(app)
  const session = await signUp(app)
  const ids = [(await createCreative(app, session)).id, (await createCreative(app, session)).id, (await createCreative(app, session)).id]
  await app.creatives.delete({ id: ids[1] ?? 0, userId: session.userId })
  const texts = await cache.read(ids.toReversed().map((id) => ({ id, version: 1, userId: session.userId, ownerName: 'Asha' })), session.userId)
  t.same(texts.map((json) => (JSON.parse(json) as { id: number }).id), [ids[2], ids[0]])
})

t.test('the cache is bounded', async (t) => {
  const app = await build(t)
  const cache = createCreativeJsonCache(app)
  const { userId } = await signUp(app)
  await app.pg.pool.query(`insert into creatives (user_id, creative_url, scheduled_at, content_type, byte_count, sha256, source_sha256, width, height, frame_count, dominant_color, thumb_hash, removed)
    select $1, n::text, now(), 'image/png', 1, hash, hash, 1, 1, 1, '#000000', '', '{}' from generate_series(1, 10001) as n, sha256(n::text::bytea) as hash`, [userId])
  const { rows } = await app.pg.pool.query<{ id: number }>('select id from creatives order by id')
  const listed = rows.map(({ id }) => ({ id, version: 1, userId, ownerName: 'Asha' }))
  const written = countWritten(t, app)
  t.equal((await cache.read(listed.slice(0, 10_000), userId)).length, 10_000)
  await cache.read(listed.slice(0, 1), userId)
  t.equal(written(), 10_000)
  await cache.read(listed.slice(10_000), userId)
  await cache.read(listed.slice(0, 1), userId)
  t.equal(written(), 2, 'one more entry cleared the cache')
})
