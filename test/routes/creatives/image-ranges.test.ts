import t from 'tap'
import { ask, seedCreative } from '../../support/creatives.ts'
import { build, signUp } from '../../support/helper.ts'

const original = Buffer.from('0123456789')
const app = await build(t)
const session = await signUp(app)
const { id } = await seedCreative(app, { ownerId: session.userId, original })
const url = `/creatives/${id}/image`
const open = async (headers: Record<string, string> = {}) => await ask(app, session, url, { headers })
const etag = String((await open()).headers.etag)

t.test('a single range answers 206 with that part', async (t) => {
  const rows = [
    ['bytes=0-0', '0', '0-0'], ['bytes=2-4', '234', '2-4'], ['bytes=7-', '789', '7-9'], ['bytes=-3', '789', '7-9'],
    ['bytes=5-99', '56789', '5-9'],
    ['bytes=-99', '0123456789', '0-9'], ['BYTES=1-1', '1', '1-1'], ['bytes=9-9', '9', '9-9']
  ] as const
  for (const [range, part, bounds] of rows) {
    const { statusCode, headers, body } = await open({ range })
    t.equal(statusCode, 206, range)
    t.equal(body, part)
    t.match(headers, {
      'content-range': `bytes ${bounds}/10`,
      'content-length': String(part.length),
      'accept-ranges': 'bytes',
      etag,
      'content-type': 'image/png'
    })
  }
})

t.test('a range beyond the end answers 416 with the length of the image', async (t) => {
  for (const range of ['bytes=10-', 'bytes=10-20', 'bytes=99999999999999999999-', 'bytes=-0']) {
    t.match(await open({ range }), {
      statusCode: 416,
      headers: { 'content-range': 'bytes */10', 'content-type': /json/, 'cache-control': 'no-store' },
      body: /CHR_RANGE_NOT_SATISFIABLE/
    }, range)
  }
})

t.test('several ranges or an invalid range answer 200 with the whole image', async (t) => {
  for (const range of [
    'bytes=0-1,3-4', 'bytes=4-2', 'bytes=', 'bytes=-', 'bytes=a-b', 'lines=1-2', '0-1', 'bytes=0-1-2', 'bytes=--1', ''
  ]) {
    const { statusCode, headers, body } = await open({ range })
    t.equal(statusCode, 200, range)
    t.equal(body, '0123456789')
    t.equal(headers['content-range'], undefined)
  }
})

t.test('If-Range answers with the part only for the current ETag', async (t) => {
  const rows = [[etag, 206], [` ${etag} `, 206], ['"other"', 200], [`W/${etag}`, 200], [
    'Thu, 21 Nov 2030 10:00:00 GMT', 200
  ], ['*', 200]] as const
  for (const [ifRange, status] of rows) t.equal((await open({ range: 'bytes=0-1', 'if-range': ifRange })).statusCode, status, ifRange)
})

t.test('a matching If-None-Match answers 304 without a body, even with a Range header', async (t) => {
  const opened = t.capture(app.blobs, 'open', app.blobs.open)
  for (const known of [etag, `W/${etag}`, '*', `"a", ${etag}`, `"a",W/${etag} , "b"`]) {
    const { statusCode, headers, rawPayload } = await open({ 'if-none-match': known, range: 'bytes=0-1' })
    t.equal(statusCode, 304, known)
    t.equal(rawPayload.length, 0)
    t.match(headers, { etag, 'cache-control': 'private, no-cache', vary: 'Authorization' })
    t.equal(headers['content-length'], undefined)
  }
  t.equal(opened().length, 0)
  for (const other of [
    '"other"', 'other', '', etag.slice(0, -2), etag.slice(1, -1)
  ]) t.equal((await open({ 'if-none-match': other })).statusCode, 200, other)
})
