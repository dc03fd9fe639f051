import t from 'tap'
import { openBrowser, openPage } from '../support/browser.ts'
import { build, createPhone, postJson } from '../support/helper.ts'
import { startPlainNginx } from '../support/services/proxies.ts'
import { listen } from '../support/sockets.ts'

const browser = await openBrowser(t)
const app = await build(t, { env: { PUBLIC_URL: 'https://x.example/api', DEV_INBOX: 'on' } })
const base = `http://127.0.0.1:${await startPlainNginx(t, await listen(app), '/api')}/api`

for (const slash of ['', '/']) {
  t.test(`Swagger UI shows the routes at /api/docs${slash}`, async (t) => {
    const page = await openPage(t, browser, `${base}/docs${slash}`)
    await page.waitForSelector('.opblock-summary-path')
    t.equal(await page.title(), 'Cheershare API')
    t.equal(await page.evaluate('document.querySelector("meta[name=viewport]").content'), 'width=device-width, initial-scale=1')
    await page.click('#operations-operations-getLiveness button')
    await page.click('#operations-operations-getLiveness .execute')
    await page.waitForSelector('#operations-operations-getLiveness .live-responses-table')
    t.match(await page.textContent('#operations-operations-getLiveness .live-responses-table tbody .response-col_status'), '200')
  })

  t.test(`the inbox shows an SMS at /api/dev/inbox${slash}`, async (t) => {
    const phone = createPhone()
    await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
    const page = await openPage(t, browser, `${base}/dev/inbox${slash}?to=${encodeURIComponent(phone)}`)
    t.match(await page.textContent('li strong'), phone)
  })
}
