import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { ask } from '../../support/creatives.ts'
import { createCreative, creativeForm, pathOf } from '../../support/forms.ts'
import { build, createClock, signUp, type Session } from '../../support/helper.ts'

const clock = createClock(Date.parse('2030-01-10T12:00:00Z'))
const app = await build(t, { clock })
const [owner, other] = [await signUp(app), await signUp(app)]

const remove = async (session: Session, id: number | string) => await ask(app, session, `/creatives/${id}`, { method: 'DELETE' })
const restore = async (session: Session, id: number | string) => await ask(app, session, `/creatives/${id}/restore`, { method: 'POST' })
const create = async () => await createCreative(app, owner, creativeForm({ date: '2030-01-10', title: 'Holi' }))

/** Returns for each list and URL of the owner whether it shows the creative. */
async function getVisibility (app: FastifyInstance, { id, creative_url: url }: { id: number, creative_url: string }): Promise<boolean[]> {
  const lists = await Promise.all([
    '/creatives', '/scheduled?tz=UTC', '/me/export'
  ].map(async (list) => (await ask(app, owner, list)).body.includes(`/creatives/${id}/image`)))
  const statuses = await Promise.all([
    `/creatives/${id}`, `/creatives/${id}/image`, pathOf(url)
  ].map(async (address) => (await ask(app, owner, address)).statusCode))
  return [...lists, ...statuses.map((status) => status === 200)]
}

t.test('DELETE removes a creative from all lists and URLs, and restore brings it back unchanged', async (t) => {
  const creative = await create()
  t.same(await getVisibility(app, creative), Array(6).fill(true))
  const deleted = await remove(owner, creative.id)
  t.match(deleted, { statusCode: 204, body: '' })
  t.same(await getVisibility(app, creative), Array(6).fill(false))
  t.match((await remove(owner, creative.id)).json(), { code: 'CHR_NOT_FOUND', error: 'You have no such creative.' })
  const { duplicate_of: _duplicate, ...expected } = creative
  const restored = await restore(owner, creative.id)
  t.equal(restored.statusCode, 200)
  t.same(restored.json(), { creative: expected })
  t.same(await getVisibility(app, creative), Array(6).fill(true))
  t.match((await restore(owner, creative.id)).json(), {
    code: 'CHR_NOT_FOUND', error: 'You have not deleted such a creative within the last 10 minutes.'
  })
})

t.test('a creative cannot be restored after 10 minutes, whether or not it was purged', async (t) => {
  const { id } = await create()
  await remove(owner, id)
  clock.advance(600_000)
  t.equal((await restore(owner, id)).statusCode, 404)
  await app.creatives.purge()
  t.equal((await restore(owner, id)).statusCode, 404)
})

t.test('creatives of others and unknown ids answer 404, invalid ids 400, and requests without a token 401', async (t) => {
  const { id } = await create()
  t.equal((await remove(other, id)).statusCode, 404)
  t.equal((await remove(owner, 999_999)).statusCode, 404)
  await remove(owner, id)
  t.equal((await restore(other, id)).statusCode, 404)
  t.equal((await restore(owner, id)).statusCode, 200)
  for (const bad of ['0', '-1', '1.5', 'a', '99999999999999999999']) {
    t.match((await remove(owner, bad)).json(), { code: 'CHR_VALIDATION' }, bad)
    t.match((await restore(owner, bad)).json(), { code: 'CHR_VALIDATION' }, bad)
  }
  for (const [method, url] of [['DELETE', `/creatives/${id}`], ['POST', `/creatives/${id}/restore`]] as const) {
    t.match(await app.inject({ method, url }), { statusCode: 401, headers: { 'www-authenticate': 'Bearer' } })
    t.match(await app.inject({
      method, url, headers: { authorization: owner.authorization }, payload: { force: true }
    }), { statusCode: 400 })
  }
})
