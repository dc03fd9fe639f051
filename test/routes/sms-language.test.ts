import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { build, createClock, createPhone, postJson, readCode, signUp } from '../support/helper.ts'
import { until } from '../support/polling.ts'

const bodies = (app: FastifyInstance, phone: string) => (app.carrier?.messages({ to: phone }) ?? []).map(({ body }) => body)

async function readSms (app: FastifyInstance, phone: string, count = 1): Promise<string> {
  await until(`${count} SMS arrive`, () => bodies(app, phone).length >= count)
  return bodies(app, phone)[0] ?? ''
}

t.test('the SMS is in the language of the request', async (t) => {
  const app = await build(t)
  for (const [url, fields, header, words] of [
    ['/login', { locale: 'de-AT' }, undefined, 'Ihr Code ist'],
    ['/login', {}, 'hi-IN,hi;q=0.9,en;q=0.8', 'कोड'],
    ['/login', { locale: 'sw' }, 'ja', '認証コード'],
    ['/login', {}, undefined, 'your code is'],
    ['/signup', { name: 'Asha', locale: 'es-MX' }, 'en', 'tu clave es']
  ] as const) {
    const phone = createPhone()
    const headers = header === undefined ? {} : { 'accept-language': header }
    t.match(await postJson(app, url, { phone_number: phone, ...fields }, { headers }), { status: 200 })
    t.ok((await readSms(app, phone)).includes(words), words)
  }
})

t.test('the language is the same for every resend, with and without an account', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const { phone: known } = await signUp(app)
  for (const [phone, before] of [[known, 1], [createPhone(), 0]] as const) {
    const login = async (locale: string) => {
      t.match(await postJson(app, '/login', { phone_number: phone, locale }), { status: 200 })
    }
    await login('fr')
    const first = await readSms(app, phone, before + 1)
    t.ok(first.startsWith('Cheershare : votre code est'))
    clock.advance(30_000)
    await login('fr')
    t.equal(await readSms(app, phone, before + 2), first)
    clock.advance(60_000)
    await login('id')
    t.match(await readSms(app, phone, before + 3), /^Cheershare: kode Anda \d{6}/, 'a new locale changes the language')
    clock.advance(3_600_000)
  }
})

t.test('the client that verifies the code decides the language of the account, and not the one that requested it', async (t) => {
  const app = await build(t)
  for (const [header, language] of [['en-GB', 'en'], ['de, en;q=0.5', 'de'], [undefined, 'ja'], ['*', 'ja'], ['sw', 'en']] as const) {
    const phone = createPhone()
    await postJson(app, '/login', { phone_number: phone, locale: 'ja' })
    const headers = header === undefined ? {} : { 'accept-language': header }
    const { body } = await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone), name: 'Asha' }, { headers })
    const me = await app.inject({ url: '/me', headers: { authorization: `Bearer ${String(body['token'])}` } })
    t.match(me.json(), { data: { language } }, header ?? 'no header')
  }
})

t.test('every route that takes a locale refuses an invalid one', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  for (const url of ['/login', '/signup', '/me/phone-number']) {
    for (const locale of ['en_US', 'x', 'de-1', 'a'.repeat(36)]) {
      const { status, body } = await postJson(app, url, {
        phone_number: createPhone(), name: url === '/signup' ? 'Asha' : undefined, locale
      }, { headers: { authorization } })
      t.equal(status, 400, `${url} ${locale}`)
      t.match(body, { code: 'CHR_VALIDATION', details: [{ path: 'locale' }] })
    }
  }
  t.match(await postJson(app, '/login', { phone_number: createPhone(), locale: 'en_US' }), {
    body: { error: 'field "locale" is not a language tag' }
  })
})

t.test('a phone change sends its code in the language of the request and its notice in the language of the last login', async (t) => {
  const app = await build(t)
  const [oldPhone, phone] = [createPhone(), createPhone()]
  await postJson(app, '/signup', { name: 'Asha', phone_number: oldPhone, locale: 'de' })
  const { body } = await postJson(app, '/verify', { phone_number: oldPhone, otp: await readCode(app, oldPhone) })
  const headers = { authorization: `Bearer ${String(body['token'])}` }
  t.match((await app.inject({ url: '/me', headers })).json(), { data: { language: 'de' } })
  t.match(await postJson(app, '/me/phone-number', { phone_number: phone, locale: 'ja' }, { headers }), { status: 200 })
  t.match(await readSms(app, phone), /認証コードは/)
  t.match(await postJson(app, '/me/phone-number/verify', { otp: await readCode(app, phone) }, { headers }), {
    status: 200, body: { data: { language: 'de' } }
  })
  t.match(await readSms(app, oldPhone, 2), /^Cheershare: Ihr Konto gehört jetzt/)
})
