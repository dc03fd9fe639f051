import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { images } from '../fixtures/images.ts'
import { openBrowser, openPage, serveSite, throttle } from '../support/browser.ts'
import { nextWeek } from '../support/forms.ts'
import { build, signUp } from '../support/helper.ts'
import { listen } from '../support/sockets.ts'

const html = await readFile(path.join(import.meta.dirname, '../fixtures/upload-page.html'), 'utf8')
const browser = await openBrowser(t)
const origin = await serveSite(t, html)
const maximumBytes = 1024 * 1024

/** The part of the response that the page could read, or the reason why the browser hid it. */
interface PageReply { status?: number, body?: { code?: string, message?: string, creative?: { id: number } }, failure?: string }

type Method = 'sendByFetch' | 'sendByXhr'
const methods: Method[] = ['sendByFetch', 'sendByXhr']

/** Starts the service and opens a page of another origin, which may call it. */
async function openSite (t: Test) {
  const app = await build(t, { env: { CORS_ORIGINS: origin, UPLOAD_MAX_BYTES: String(maximumBytes) } })
  // Counted below Fastify, so that requests that the browser repeats by itself count too.
  let uploadCount = 0
  app.server.on('request', ({ method, url }) => { if (method === 'POST' && url === '/upload-creative') uploadCount++ })
  const url = `http://127.0.0.1:${await listen(app)}/upload-creative`
  const { authorization } = await signUp(app)
  const page = await openPage(t, browser, origin)

  return {
    page,
    countUploads: () => uploadCount,
    async send (method: Method, { file, token = authorization }: { file: Buffer, token?: string }): Promise<PageReply> {
      const upload = { url, authorization: token, file: file.toString('base64'), filename: 'photo.jpg', date: nextWeek() }
      return await page.evaluate(`${method}(${JSON.stringify(upload)})`)
    }
  }
}

async function createNoise (width: number, height: number): Promise<Buffer> {
  return await sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } }).jpeg().toBuffer()
}

for (const method of methods) {
  t.test(`${method}: a page of another origin reads the answer to its upload, and each refusal`, async (t) => {
    const { send, countUploads } = await openSite(t)
    const photo = await createNoise(300, 300)
    const cases: Array<[string, Parameters<typeof send>[1], PageReply]> = [
      ['a photo', { file: photo }, { status: 200 }],
      ['an unknown token', { file: photo, token: 'Bearer unknown' }, { status: 401, body: { code: 'CHR_UNAUTHENTICATED' } }],
      ['a file over the limit',
        { file: Buffer.concat([photo, Buffer.alloc(maximumBytes)]) }, { status: 413, body: { code: 'CHR_TOO_LARGE' } }],
      ['a text', { file: Buffer.from('just text') }, { status: 415, body: { code: 'CHR_IMAGE_TYPE' } }],
      ['a cut photo', { file: photo.subarray(0, photo.length / 2) }, { status: 422, body: { code: 'CHR_IMAGE_BROKEN' } }]
    ]
    for (const [title, upload, reply] of cases) t.match(await send(method, upload), { ...reply, failure: undefined }, title)
    t.equal(countUploads(), cases.length, 'no request is repeated')
  })

  t.test(`${method}: an upload over a line of 1 Mbit/s is accepted, and its body is sent once`, async (t) => {
    const { page, send, countUploads } = await openSite(t)
    await throttle(page, 1_000_000)
    const photo = await createNoise(540, 540)
    const start = performance.now()
    const reply = await send(method, { file: photo })
    t.match(reply, { status: 200, body: { creative: { id: Number } }, failure: undefined })
    const seconds = (performance.now() - start) / 1000
    t.ok(seconds > photo.length * 8 / 1_000_000 * 0.8, `${photo.length} bytes took ${seconds.toFixed(1)} s: the line is slow`)
    t.equal(countUploads(), 1)
  })

  t.test(`${method}: a refusal over a line of 1 Mbit/s is readable`, async (t) => {
    const { page, send, countUploads } = await openSite(t)
    await throttle(page, 1_000_000)
    const file = Buffer.concat([images.png, Buffer.alloc(200_000)])
    t.match(await send(method, { file, token: 'Bearer unknown' }), { status: 401, body: { code: 'CHR_UNAUTHENTICATED' } })
    t.equal(countUploads(), 1)
  })
}
