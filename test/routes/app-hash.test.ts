import t from 'tap'
import { build, createPhone, postJson, readCode, signUp } from '../support/helper.ts'

const [first, second] = ['FA+9qCX9VSu', 'AAAAAAAAAA/']
const env = { OTP_ANDROID_APP_HASH: `${first}, ${second}` }

t.test('an SMS has the app hash that the request names, or the first one', async (t) => {
  const app = await build(t, { env })
  const { authorization } = await signUp(app)
  for (const [appHash, expected] of [[undefined, first], [first, first], [second, second]] as const) {
    for (const url of ['/signup', '/login', '/me/phone-number']) {
      const phone = createPhone()
      const body = { phone_number: phone, ...(url === '/signup' ? { name: 'Asha' } : {}), ...(appHash === undefined ? {} : { app_hash: appHash }) }
      t.equal((await postJson(app, url, body, { headers: { authorization } })).status, 200, url)
      await readCode(app, phone)
      t.equal(app.carrier?.messages({ to: phone })[0]?.body.split('\n').at(-1), expected, `${url} ${appHash ?? 'none'}`)
    }
  }
})

t.test('an app hash that is not configured is refused with a sentence, before an SMS is sent', async (t) => {
  const app = await build(t, { env })
  const bare = await build(t)
  const { authorization } = await signUp(app)
  const phone = createPhone()
  const message = 'field "app_hash" is not the hash of an app of this service: correct it, or omit it'
  const refused = { status: 400, body: { code: 'CHR_VALIDATION', details: [{ path: 'app_hash', message }] } }
  for (const appHash of ['BBBBBBBBBBB', first.toLowerCase(), `${first} `, `${first},${second}`, '', 'Call +15551234567 now']) {
    for (const url of ['/signup', '/login', '/me/phone-number']) {
      const body = { phone_number: phone, app_hash: appHash, ...(url === '/signup' ? { name: 'Asha' } : {}) }
      t.match(await postJson(app, url, body, { headers: { authorization } }), refused, `${url} ${appHash}`)
    }
  }
  t.match(await postJson(bare, '/login', { phone_number: phone, app_hash: first }), refused, 'a service without apps')
  t.match(await postJson(app, '/login', { phone_number: phone, app_hash: 'x'.repeat(65) }), { status: 400 })
  t.same(app.carrier?.messages({ to: phone }), [])
})
