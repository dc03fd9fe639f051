import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { createPageServer } from '../../examples/login-page/server.ts'
import { images } from '../fixtures/images.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { build, createPhone, readCode } from '../support/helper.ts'
import { freePort } from '../support/services/redis.ts'

const server = createPageServer().listen(0, '127.0.0.1')
await once(server, 'listening')
t.teardown(() => {
  server.close()
  server.closeAllConnections()
})
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const browser = await openBrowser(t)
const port = await freePort()
const service = `http://127.0.0.1:${port}`
const app = await build(t, { env: { CORS_ORIGINS: origin, PUBLIC_URL: service } })
await app.listen({ host: '127.0.0.1', port })

t.test('a person signs up, uploads an image, signs out and signs in again', async (t) => {
  const phone = createPhone()
  const page = await openPage(t, browser, `${origin}/?service=${service}`)
  const problems: string[] = []
  page.on('pageerror', ({ message }) => problems.push(message))
  page.on('console', (message) => { if (message.type() === 'error') problems.push(message.text()) })

  await page.fill('[name=phone]', '12')
  await page.click('#number button')
  await page.waitForFunction('document.getElementById("problem").textContent !== ""')
  t.match(await page.textContent('#problem'), /not a phone number/)
  await page.fill('[name=phone]', phone)
  await page.click('#number button')
  await page.waitForSelector('#code:not([hidden])')
  t.equal(await page.evaluate('document.activeElement.getAttribute("autocomplete")'), 'one-time-code')
  await page.waitForSelector('#resend:disabled')
  t.match(await page.textContent('#resend'), /in \d+ s/)
  await page.fill('[name=otp]', await readCode(app, phone))
  await page.click('#code button')
  await page.fill('[name=name]', 'Asha')
  await page.click('#name button')
  await page.waitForSelector('#done:not([hidden])')
  t.equal(await page.textContent('#user'), 'Asha')

  await page.setInputFiles('[name=file]', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(images.png) })
  await page.click('#upload button')
  await page.waitForSelector('#today img')
  await page.waitForFunction('document.querySelector("#today img").naturalWidth > 0')
  t.equal(await page.textContent('#problem'), '')

  await page.click('#logout')
  await page.waitForSelector('#number:not([hidden])')
  await page.click('#number button')
  await page.fill('[name=otp]', await readCode(app, phone, 2))
  await page.click('#code button')
  await page.waitForSelector('#done:not([hidden])')
  // Chromium reports each refused request; one number and one new name were refused.
  t.same(problems.filter((problem) => !/status of 4(00|22)/.test(problem)), [])
})
