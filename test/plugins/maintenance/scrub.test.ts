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

async function listed (app: FastifyInstance, { authorization }: Session): Promise<number> {
  return (await app.inject({ url: '/creatives', headers: { authorization } })).json<{ creatives: object[] }>().creatives.length
}

async function damageOf (app: FastifyInstance): Promise<string | null> {
  return (await app.pg.pool.query('select damage from images')).rows[0].damage as string | null
}

t.test('each image is looked at once a month, the one looked at longest ago first', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  t.equal(await scrubNextImage(app), false, 'there is none')
  const session = await signUp(app)
  await createCreative(app, session)
  await createCreative(app, session)
  t.equal(await scrubNextImage(app), true)
  clock.advance(dayMs)
  t.equal(await scrubNextImage(app), true)
  t.equal(await scrubNextImage(app), false, 'both were looked at')
  clock.advance(30 * dayMs)
  t.equal(await scrubNextImage(app), true)
  t.equal(await scrubNextImage(app), false, 'the other one was looked at a day later')
  t.equal(await damageOf(app), null)
})

t.test('bytes that changed on the disk are found, and the creative is shown again once they are right', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const session = await signUp(app)
  await createCreative(app, session)
  const { rows: [{ key }] } = await app.pg.pool.query('select key from images')
  const place = path.join(app.config.process.dataDir, 'uploads', String(key).slice(0, 2), `${key}.thumbnail`)
  const bytes = await readFile(place)
  await chmod(place, 0o600)
  const spoilt = Buffer.from(bytes)
  spoilt.writeUInt8(spoilt.readUInt8(20) ^ 1, 20)

  for (const [content, damage, count] of [[spoilt, 'differs: thumbnail', 0], [bytes, null, 1]] as const) {
    await writeFile(place, content)
    clock.advance(31 * dayMs)
    t.equal(await scrubNextImage(app), true)
    t.equal(await damageOf(app), damage)
    t.equal(await listed(app, await signUp(app, { phone: session.phone, count: damage === null ? 3 : 2 })), count)
  }
})

t.test('a blob that is missing is found, and an image that differs besides is missing all the same', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  await createCreative(app, session)
  const { rows: [{ key }] } = await app.pg.pool.query('select key from images')
  await app.blobs.delete(`${key}.original`)
  t.equal(await scrubNextImage(app), true)
  t.equal(await damageOf(app), 'missing: original')
  t.equal(await listed(app, session), 0)
})

t.test('it goes on by itself, and a failure is made up for by the next time', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const app = await build(t)
  await createCreative(app, await signUp(app))
  const warnings = t.capture(app.log, 'warn')
  const { restore } = t.intercept(app.blobs, 'open', { value: async () => { throw new UnavailableError('storage') } })
  mock.timers.tick(10_000)
  await until('it fails', () => warnings.args().length > 0)
  restore()
  await app.pg.pool.query('update images set scrubbed_at = null, damage = \'missing: original\'')
  mock.timers.tick(10_000)
  await until('it is made up for', async () => await damageOf(app) === null)
})

t.test('a service that is told so looks at none', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const app = await build(t, { env: { SCRUB_SECONDS: '0', SWEEP_SECONDS: '0' } })
  await createCreative(app, await signUp(app))
  const looks = t.capture(app.db, 'executeQuery', app.db.executeQuery)
  mock.timers.tick(3_600_000)
  t.notMatch(looks().map(({ args: [query] }) => 'sql' in query ? query.sql : '').join(), /scrubbed_at|advisory/)
})
