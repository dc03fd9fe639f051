import t from 'tap'
import { openBrowser, openPage, serveSite } from '../support/browser.ts'
import { build, createPhone, postJson, readCode } from '../support/helper.ts'
import { freePort } from '../support/services/redis.ts'

const browser = await openBrowser(t)
/** `localhost` and 127.0.0.1 are different sites. */
const evil = (await serveSite(t, '<!doctype html><title>another site</title>')).replace('127.0.0.1', 'localhost')
const friend = await serveSite(t, '<!doctype html><title>an origin of CORS_ORIGINS</title>')
const port = await freePort()
const service = `http://127.0.0.1:${port}`
const app = await build(t, { env: { PUBLIC_URL: service, CORS_ORIGINS: friend } })
await app.listen({ host: '127.0.0.1', port })

/** A script that sends a request and resolves to its status, or to the word `hidden` if the page may not read the response. */
const send = (url: string, options: object) => `fetch(${JSON.stringify(url)}, ${JSON.stringify(options)}).then((r) => r.status, () => 'hidden')`
const json = (body: object, more = {}) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), ...more })

async function requestCode () {
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  return { phone_number: phone, otp: await readCode(app, phone), session: 'cookie' }
}

t.test('a page of the service has a session that scripts cannot read, and another site can neither read nor write', async (t) => {
  const page = await openPage(t, browser, `${service}/dev/inbox`)
  t.equal(await page.evaluate(send('/verify', json(await requestCode()))), 200)
  const [cookie] = await page.context().cookies()
  t.match(cookie, { name: 'cheershare_session', httpOnly: true, sameSite: 'Lax', path: '/' })
  t.equal(await page.evaluate('document.cookie'), '')
  t.equal(await page.evaluate(send('/me', {})), 200)

  await page.goto(evil)
  t.equal(await page.evaluate(send(`${service}/me`, { credentials: 'include' })), 'hidden', 'it cannot read')
  for (const mode of ['cors', 'no-cors']) await page.evaluate(send(`${service}/logout`, { method: 'POST', credentials: 'include', mode }))
  await page.setContent(`<form method="post" action="${service}/logout"></form>`)
  await Promise.all([page.waitForNavigation(), page.evaluate('document.forms[0].submit()')])
  await page.goto(`${service}/dev/inbox`)
  t.equal(await page.evaluate(send('/me', {})), 200, 'the session is still there')
  t.equal(await page.evaluate(send('/logout', { method: 'POST' })), 200)
  t.same(await page.context().cookies(), [])
})

t.test('another site cannot sign a browser in', async (t) => {
  const page = await openPage(t, browser, evil)
  const login = await requestCode()
  for (const mode of ['cors', 'no-cors']) {
    await page.evaluate(send(`${service}/verify`, json(login, { credentials: 'include', mode })))
    await page.evaluate(send(`${service}/verify`, { method: 'POST', body: JSON.stringify(login), credentials: 'include', mode }))
  }
  t.same(await page.context().cookies(), [])
  t.equal((await postJson(app, '/verify', login, { headers: { 'sec-fetch-site': 'same-origin' } })).status, 200, 'the code is still valid')
})

t.test('a page of CORS_ORIGINS on the same site works with credentials', async (t) => {
  const page = await openPage(t, browser, friend)
  t.equal(await page.evaluate(send(`${service}/verify`, json(await requestCode(), { credentials: 'include' }))), 200)
  t.equal(await page.evaluate(send(`${service}/me`, { credentials: 'include' })), 200)
  t.equal(await page.evaluate(send(`${service}/logout`, { method: 'POST', credentials: 'include' })), 200)
})
