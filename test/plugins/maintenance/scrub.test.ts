import { chmod, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { mock } from 'node:test'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { scrubNextImage } from '../../../plugins/maintenance/scrub.ts'
import { createCreative } from '../../support/forms.ts'
import { UnavailableError } from '../../../src/http/errors.ts'
import { build, createClock, signUp, type Session } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'

const dayMs = 86_400_000

async function countListed (app: FastifyInstance, { authorization }: Session): Promise<number> {
  return (await app.inject({ url: '/creatives', headers: { authorization } })).json<{ creatives: object[] }>().creatives.length
}

async function damageOf (app: FastifyInstance): Promise<string | null> {
  return (await app.pg.pool.query('select damage from images')).rows[0].damage as string | null
}

t.test('each image is checked once a month, the least recently checked one first', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  t.equal(await scrubNextImage(app), false, 'there is no image')
  const session = await signUp(app)
  await createCreative(app, session)
  await createCreative(app, session)
  t.equal(await scrubNextImage(app), true)
  clock.advance(dayMs)
  t.equal(await scrubNextImage(app), true)
  t.equal(await scrubNextImage(app), false, 'both images were checked')
  clock.advance(30 * dayMs)
  t.equal(await scrubNextImage(app), true)
  t.equal(await scrubNextImage(app), false, 'the other image was checked a day later')
  t.equal(await damageOf(app), null)
})

t.test('changed bytes on the disk are detected, and the creative is listed again once they are restored', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const session = await signUp(app)
  await createCreative(app, session)
  const { rows: [{ key }] } = await app.pg.pool.query('select key from images')
  const file = path.join(app.config.process.dataDir, 'uploads', String(key).slice(0, 2), `${key}.thumbnail`)
  const bytes = await readFile(file)
  await chmod(file, 0o600)
  const damaged = Buffer.from(bytes)
  damaged.writeUInt8(damaged.readUInt8(20) ^ 1, 20)

  for (const [content, damage, count] of [[damaged, 'differs: thumbnail', 0], [bytes, null, 1]] as const) {
    await writeFile(file, content)
    clock.advance(31 * dayMs)
    t.equal(await scrubNextImage(app), true)
    t.equal(await damageOf(app), damage)
    t.equal(await countListed(app, await signUp(app, { phone: session.phone, count: damage === null ? 3 : 2 })), count)
  }
})

t.test('a missing blob is detected, and its creative is not listed', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  await createCreative(app, session)
  const { rows: [{ key }] } = await app.pg.pool.query('select key from images')
  await app.blobs.delete(`${key}.original`)
  t.equal(await scrubNextImage(app), true)
  t.equal(await damageOf(app), 'missing: original')
  t.equal(await countListed(app, session), 0)
})

t.test('the scrub runs periodically and is retried after a failure', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const app = await build(t)
  await createCreative(app, await signUp(app))
  const warnings = t.capture(app.log, 'warn')
  const { restore } = t.intercept(app.blobs, 'open', { value: async () => { throw new UnavailableError('storage') } })
  mock.timers.tick(10_000)
  await until('the scrub fails', () => warnings.args().length > 0)
  restore()
  await app.pg.pool.query('update images set scrubbed_at = null, damage = \'missing: original\'')
  mock.timers.tick(10_000)
  await until('the next scrub succeeds', async () => await damageOf(app) === null)
})

t.test('SCRUB_SECONDS=0 and SWEEP_SECONDS=0 turn the scrub and the sweep off', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const app = await build(t, { env: { SCRUB_SECONDS: '0', SWEEP_SECONDS: '0' } })
  await createCreative(app, await signUp(app))
  const queries = t.capture(app.db, 'executeQuery', app.db.executeQuery)
  mock.timers.tick(3_600_000)
  t.notMatch(queries().map(({ args: [query] }) => 'sql' in query ? query.sql : '').join(), /scrubbed_at|advisory/)
})
