/**
 * Prints how many of 60 answers to uploads Chromium reads over lines of 256 kbit/s, 1 and 4 Mbit/s, directly and through nginx with its
 * default settings: an accepted photo, and three refusals. A page of another origin sends them. Run it after a change of how refusals
 * are sent: `node test/tools/slow-browser-uploads.ts`. It takes some minutes and nearly no processor time.
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import t from 'tap'
import { openBrowser, openPage, serveSite } from '../support/browser.ts'
import { nextWeek } from '../support/forms.ts'
import { build, signUp } from '../support/helper.ts'
import { startPlainNginx } from '../support/services/proxies.ts'
import { listen } from '../support/sockets.ts'
import { openThrottledLine } from '../support/throttle.ts'

const uploads = 60
/** Each has a profile, and so connections, of its own. */
const pages = 20
const rates = { '256 kbit/s': 256_000, '1 Mbit/s': 1_000_000, '4 Mbit/s': 4_000_000 }
const maximumBytes = 200_000

t.setTimeout(0)
const origin = await serveSite(t, await readFile(path.join(import.meta.dirname, '../fixtures/upload-page.html'), 'utf8'))
const browser = await openBrowser(t)
const app = await build(t, {
  env: { CORS_ORIGINS: origin, UPLOAD_MAX_BYTES: String(maximumBytes), QUOTA_CREATIVES_PER_DAY: '0', QUOTA_BYTES_PER_USER: '0' }
})
const { authorization } = await signUp(app)
const port = await listen(app)
const ways = { directly: port, 'through nginx': await startPlainNginx(t, port) }

const photo = await sharp(randomBytes(300 * 300 * 3), { raw: { width: 300, height: 300, channels: 3 } }).jpeg().toBuffer()
const cases = {
  accepted: { file: photo, token: authorization, answer: '200' },
  'expired token': { file: photo, token: `Bearer ${'A'.repeat(26)}`, answer: '401 CHR_UNAUTHENTICATED' },
  'too large': { file: Buffer.concat([photo, Buffer.alloc(maximumBytes)]), token: authorization, answer: '413 CHR_TOO_LARGE' },
  'no image': { file: Buffer.alloc(photo.length, 'text '), token: authorization, answer: '415 CHR_IMAGE_TYPE' }
}
const opened = await Promise.all(Array.from({ length: pages }, async () => await openPage(t, browser, origin)))

for (const [rate, bitsPerSecond] of Object.entries(rates)) {
  for (const [way, to] of Object.entries(ways)) {
    t.test(`${rate} ${way}`, async (t) => {
      const line = await openThrottledLine(to, bitsPerSecond)
      t.teardown(line.close)
      const url = `http://127.0.0.1:${line.port}/upload-creative`
      for (const [title, { file, token, answer }] of Object.entries(cases)) {
        const upload = { url, authorization: token, file: file.toString('base64'), filename: 'photo.jpg', date: nextWeek() }
        const answers = (await Promise.all(opened.map(async (page) => await send(page, upload)))).flat()
        const right = answers.filter((read) => read === answer).length
        const others = new Set(answers.filter((read) => read !== answer))
        t.equal(right, uploads, `${title}: ${right} of ${uploads} ${[...others].join(', ')}`)
      }
    })
  }
}

/** Sends an upload several times in a row, and returns the status and the code of each answer, or why the page could not read it. */
async function send (page: Page, upload: object): Promise<string[]> {
  const read: string[] = []
  for (let count = 0; count < uploads / pages; count++) {
    const { status, body, failure }: { status?: number, body?: { code?: string }, failure?: string } =
      await page.evaluate(`sendByFetch(${JSON.stringify(upload)})`)
    read.push(failure ?? [status, body?.code].filter((part) => part !== undefined).join(' '))
  }
  return read
}
