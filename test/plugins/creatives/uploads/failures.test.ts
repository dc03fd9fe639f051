import type { FastifyInstance } from 'fastify'
import type { Transaction } from 'kysely'
import t, { type Test } from 'tap'
import { discardImage } from '../../../../db/images.ts'
import type { Database } from '../../../../db/schema.ts'
import { variants } from '../../../../src/domain/creatives/image.ts'
import { ApiError, UnavailableError } from '../../../../src/http/errors.ts'
import { createCreative, pathOf, replace, upload } from '../../../support/forms.ts'
import { afterDecoding, collectErrors } from '../../../support/latches.ts'
import { build, signUp, type JsonReply, type Session } from '../../../support/helper.ts'
import { until } from '../../../support/polling.ts'
import { storedFiles, tracesOf } from '../../../support/traces.ts'
import { spyOnPostgres } from '../../../support/connection-spy.ts'

interface Failure {
  title: string
  /** Makes a step fail. */
  breakStep (t: Test, app: FastifyInstance): Promise<void> | void
  status: number
  code: string
}

const failing = (error: Error) => ({ value: async () => { throw error } })

const failures: Failure[] = [
  {
    title: 'the quota reservation cannot be stored',
    async breakStep (t, app) {
      await app.pg.pool.query("alter table images add constraint never check (state <> 'pending')")
      t.teardown(async () => { await app.pg.pool.query('alter table images drop constraint never') })
    },
    status: 500,
    code: 'CHR_INTERNAL'
  },
  {
    title: 'the bytes cannot be staged',
    breakStep: (t, app) => { t.intercept(app.staging, 'stage', failing(new UnavailableError('storage'))) },
    status: 503,
    code: 'CHR_UNAVAILABLE'
  },
  {
    title: 'the image is broken',
    breakStep: (t, app) => { t.intercept(app.images, 'process', failing(new ApiError('CHR_IMAGE_TYPE'))) },
    status: 415,
    code: 'CHR_IMAGE_TYPE'
  },
  {
    title: 'the decoder fails unexpectedly',
    breakStep: (t, app) => { t.intercept(app.images, 'process', failing(new Error('unexpected'))) },
    status: 500,
    code: 'CHR_INTERNAL'
  },
  ...variants.map((variant) => ({
    title: `the ${variant} cannot be stored`,
    breakStep (t: Test, app: FastifyInstance) {
      const { put } = app.blobs
      t.intercept(app.blobs, 'put', {
        value: async (...given: Parameters<typeof put>) => {
          if (given[0].endsWith(variant)) throw new UnavailableError('storage')
          await put(...given)
        }
      })
    },
    status: 503,
    code: 'CHR_UNAVAILABLE'
  })),
  {
    title: 'the creative cannot be inserted',
    async breakStep (t, app) {
      await app.pg.pool.query("alter table creatives add constraint never check (content_type <> 'image/png')")
      t.teardown(async () => { await app.pg.pool.query('alter table creatives drop constraint never') })
    },
    status: 500,
    code: 'CHR_INTERNAL'
  },
  {
    title: 'the sweep has discarded the upload',
    breakStep (t, app) {
      afterDecoding(t, app, async () => {
        const { key } = await app.db.selectFrom('images').select('key').executeTakeFirstOrThrow()
        await app.db.transaction().execute(async (transaction) => await discardImage(transaction, key, 'pending'))
      })
    },
    status: 503,
    code: 'CHR_UNAVAILABLE'
  }
]

const app = await build(t)

for (const { title, breakStep, status, code } of failures) {
  t.test(`an upload leaves nothing behind if ${title}`, async (t) => {
    const session = await signUp(app)
    const before = await tracesOf(app)
    await breakStep(t, app)
    const errors = collectErrors(t, app, /the sweep will/)
    t.match(await upload(app, { ...session, headers: { 'idempotency-key': 'a' } }), { status, body: { code } })
    t.same(await tracesOf(app), before)
    t.same(errors, [])
  })
}

t.test('the old image is still served if its replacement cannot be stored', async (t) => {
  const session = await signUp(app)
  const creative = await createCreative(app, session)
  const before = await tracesOf(app)
  t.intercept(app.blobs, 'put', failing(new UnavailableError('storage')))
  t.match(await replace(app, session, creative), { status: 503 })
  t.same(await tracesOf(app), before)
  t.equal((await app.inject({ url: pathOf(creative.creative_url) })).statusCode, 200)
})

t.test('an account that is deleted during an upload leaves nothing behind', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  await createCreative(app, session)
  afterDecoding(t, app, async () => { await app.accounts.delete(session.userId) })
  t.match(await upload(app, session), { status: 401, body: { code: 'CHR_UNAUTHENTICATED' } })
  t.match(await tracesOf(app), { users: 0, creatives: 0, images: [], usedBytes: 0, files: [] })
})

t.test('an upload succeeds although its staged file cannot be deleted', async (t) => {
  const session = await signUp(app)
  const warnings = t.capture(app.log, 'warn')
  const { stage } = app.staging
  t.intercept(app.staging, 'stage', {
    value: async (...given: Parameters<typeof stage>) => ({
      ...await stage(...given), discard: failing(new UnavailableError('storage')).value
    })
  })
  t.equal((await upload(app, session)).status, 200)
  t.match(warnings.args(), [[{ err: UnavailableError }, 'a staged file could not be deleted']])
})

/** Uploads an image and calls `cut` once all blobs are stored, right before the last transaction. */
async function uploadWithCut (
  t: Test, app: FastifyInstance, { session, cut }: { session: Session, cut: () => Promise<void> }
): Promise<JsonReply> {
  const { put } = app.blobs
  let count = 0
  t.intercept(app.blobs, 'put', {
    value: async (...given: Parameters<typeof put>) => {
      await put(...given)
      if (++count === variants.length) await cut()
    }
  })
  return await upload(app, session)
}

t.test('if PostgreSQL fails before the last transaction, the reply is 503 and the database still lists the stored blobs', async (t) => {
  const { proxy, env } = await spyOnPostgres(t)
  const app = await build(t, { env })
  const session = await signUp(app)
  const errors = collectErrors(t, app, /could not be undone/)
  t.match(await uploadWithCut(t, app, { session, cut: proxy.cut }), { status: 503, body: { code: 'CHR_UNAVAILABLE' } })
  t.match(errors, [[{
    err: { code: 'CHR_UNAVAILABLE' }, key: /^[0-9a-f]{32}$/
  }, 'a failed upload could not be undone; the sweep will undo it']])
  await proxy.restore()
  await until('PostgreSQL is back', async () => (await app.inject({
    url: '/scheduled', headers: { authorization: session.authorization }
  })).statusCode === 200)
  t.match(await tracesOf(app), { creatives: 0, images: ['pending'], creativesOfTheDay: 1 })
  const { rows: [{ key }] } = await app.pg.pool.query('select key from images')
  t.same(await storedFiles(app), variants.map((variant) => `${key}.${variant}`), 'blobs that may belong to a creative are not deleted')
})

t.test('the creative stays if PostgreSQL commits and its reply is lost', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  afterDecoding(t, app, async () => {
    const { restore } = t.intercept(app.db, 'transaction', {
      value: () => ({
        execute: async (work: (transaction: Transaction<Database>) => Promise<unknown>) => {
          restore()
          await app.db.transaction().execute(work)
          throw new UnavailableError('postgres')
        }
      })
    })
  })
  t.match(await upload(app, session), { status: 503 })
  const { files, ...traces } = await tracesOf(app)
  t.match(traces, { creatives: 1, images: ['ready'], creativesOfTheDay: 1 })
  t.equal(files.length, 3)
})
