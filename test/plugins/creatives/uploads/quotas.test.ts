import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { creativeForm, formOf, formType, imageForm, replace, createCreative, upload } from '../../../support/forms.ts'
import { images } from '../../../fixtures/images.ts'
import { latchBeforeDecoding } from '../../../support/latches.ts'
import { build, createClock, signUp, type JsonReply, type Session } from '../../../support/helper.ts'
import { until } from '../../../support/polling.ts'
import { tracesOf } from '../../../support/traces.ts'

const evening = Date.parse('2030-01-10T20:00:00Z')
const form = (date = '2030-01-11') => creativeForm({ date })
/** Bytes that an upload reserves until the size of its image is known. */
const bodyBytes = formOf(form()).length

/** Uploads concurrently; the accepted images are decoded once every upload is accepted or refused. */
async function uploadConcurrently (
  t: Test, app: FastifyInstance, { session, count, accepted }: { session: Session, count: number, accepted: number }
): Promise<JsonReply[]> {
  const latch = latchBeforeDecoding(t, app)
  let refused = 0
  const replies = Array.from({ length: count }, async () => {
    const reply = await upload(app, session, form())
    refused += reply.status === 200 ? 0 : 1
    return reply
  })
  await until('every upload is accepted or refused', () => latch.waiting + refused === count)
  t.equal(latch.waiting, accepted)
  latch.open()
  return await Promise.all(replies)
}

t.test('20 concurrent uploads are accepted up to the daily limit, and another user is not affected', async (t) => {
  const app = await build(t, { clock: createClock(evening), env: { QUOTA_CREATIVES_PER_DAY: '7' } })
  const [session, other] = [await signUp(app), await signUp(app)]
  await createCreative(app, session, form())
  await createCreative(app, session, form())
  const replies = await uploadConcurrently(t, app, { session, count: 20, accepted: 5 })
  const refused = replies.filter(({ status }) => status !== 200)
  t.equal(refused.length, 15)
  for (const { status, body, headers } of refused) {
    t.match({ status, body, headers }, {
      status: 429,
      body: { code: 'CHR_RATE_LIMITED', error: 'You have uploaded 7 creatives today, 2030-01-10 in UTC. That is the limit for one day.' },
      headers: { 'retry-after': '14400' }
    })
  }
  t.match(await tracesOf(app), { creatives: 7, images: Array(7).fill('ready'), creativesOfTheDay: 7, usedBytes: 7 * images.png.length })
  t.equal((await upload(app, other, form())).status, 200)
})

t.test('the daily limit resets at midnight in UTC', async (t) => {
  const clock = createClock(evening)
  const app = await build(t, { clock, env: { QUOTA_CREATIVES_PER_DAY: '1' } })
  const session = await signUp(app)
  await createCreative(app, session, form())
  clock.advance(4 * 3_600_000 - 1)
  t.match(await upload(app, session, form()), { status: 429, headers: { 'retry-after': '1' } })
  clock.advance(1)
  t.equal((await upload(app, session, form())).status, 200)
  t.equal((await upload(app, session, form())).status, 429)
})

t.test('a deleted creative counts towards the daily limit', async (t) => {
  const app = await build(t, { env: { QUOTA_CREATIVES_PER_DAY: '1' } })
  const session = await signUp(app)
  const { id } = await createCreative(app, session)
  await app.creatives.delete({ id, userId: session.userId })
  t.equal((await upload(app, session)).status, 429)
})

t.test('20 concurrent uploads are accepted up to the byte quota, and reserved bytes that they do not use are released', async (t) => {
  const quotaBytes = 5 * bodyBytes + images.png.length
  const app = await build(t, { clock: createClock(evening), env: { QUOTA_BYTES_PER_USER: String(quotaBytes) } })
  const session = await signUp(app)
  await createCreative(app, session, form())
  await app.pg.pool.query(`alter table usages add constraint never_more check (byte_count between 0 and ${quotaBytes})`)
  const replies = await uploadConcurrently(t, app, { session, count: 20, accepted: 5 })
  const refused = replies.filter(({ status }) => status !== 200)
  t.equal(refused.length, 15)
  for (const { status, body } of refused) {
    t.match({ status, body }, {
      status: 403,
      body: {
        code: 'CHR_QUOTA_EXCEEDED', error: /^Your images take [\d.]+ \w+ of [\d.]+ \w+, and this upload may need [\d.]+ \w+\. Delete some/
      }
    })
  }
  t.match(await tracesOf(app), { creatives: 6, usedBytes: 6 * images.png.length, creativesOfTheDay: 6 })
})

t.test('an upload without Content-Length reserves the bytes of the largest image', async (t) => {
  const app = await build(t, { env: { QUOTA_BYTES_PER_USER: String(10 * 1024 * 1024 + images.png.length - 1) } })
  const session = await signUp(app)
  const send = async () => await app.inject({
    method: 'POST',
    url: '/upload-creative',
    headers: { authorization: session.authorization, 'content-type': formType },
    payload: Readable.from([formOf(creativeForm())])
  })
  t.equal((await send()).statusCode, 200)
  t.match((await send()).json(), {
    code: 'CHR_QUOTA_EXCEEDED',
    error: `Your images take ${images.png.length} B of 10 MiB, and this upload may need 10 MiB. Delete some that you no longer need.`
  })
  t.equal((await upload(app, session)).status, 200, 'an upload with Content-Length reserves that many bytes')
})

t.test('an upload that is larger than the byte quota is refused', async (t) => {
  const app = await build(t, { env: { QUOTA_BYTES_PER_USER: '100' } })
  t.match(await upload(app, await signUp(app)), { status: 403, body: { code: 'CHR_QUOTA_EXCEEDED' } })
  t.match(await tracesOf(app), { images: [], usedBytes: 0, creativesOfTheDay: 0 })
})

t.test('0 turns a quota off', async (t) => {
  const app = await build(t, { env: { QUOTA_BYTES_PER_USER: '0', QUOTA_CREATIVES_PER_DAY: '0' } })
  const session = await signUp(app)
  const replies = await Promise.all(Array.from({ length: 10 }, async () => await upload(app, session)))
  t.same(replies.map(({ status }) => status), Array(10).fill(200))
  t.match(await tracesOf(app), { usedBytes: 10 * images.png.length, creativesOfTheDay: 10 }, 'usage is counted while the quotas are off')
})

t.test('a replacement reserves bytes and does not count towards the daily limit', async (t) => {
  const quotaBytes = 100_000
  const app = await build(t, { env: { QUOTA_CREATIVES_PER_DAY: '1', QUOTA_BYTES_PER_USER: String(quotaBytes) } })
  const session = await signUp(app)
  const parts = imageForm(images.gif)
  const { id } = await createCreative(app, session)
  const setUsage = async (byteCount: number) => { await app.pg.pool.query('update usages set byte_count = $1', [byteCount]) }
  await setUsage(quotaBytes - formOf(parts).length + images.png.length)
  t.equal((await replace(app, session, { id, parts })).status, 200)
  t.match(await tracesOf(app), { usedBytes: quotaBytes - formOf(parts).length + images.gif.length, creativesOfTheDay: 1 })
  await setUsage(quotaBytes - formOf(parts).length + images.gif.length + 1)
  t.match(await replace(app, session, { id, parts }), { status: 403, body: { code: 'CHR_QUOTA_EXCEEDED' } })
})

t.test('a deleted account cannot reserve quota', async (t) => {
  const app = await build(t)
  const { userId } = await signUp(app)
  await app.accounts.delete(userId)
  await t.rejects(app.imageQuota.reserve({ userId, statedBytes: 1, purpose: 'creative' }), { code: 'CHR_UNAUTHENTICATED' })
  t.match(await tracesOf(app), { images: [], usedBytes: 0 })
})
