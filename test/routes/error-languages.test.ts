import t from 'tap'
import { sentences, type SentenceLanguage } from '../../src/domain/sentences/index.ts'
import { build, createPhone, postJson, signUp } from '../support/helper.ts'

const app = await build(t, { env: { CORS_ORIGINS: 'https://app.example' } })

async function ask (language: string | undefined, url = '/me', payload?: object) {
  const headers = { ...(language === undefined ? {} : { 'accept-language': language }), origin: 'https://app.example' }
  const { statusCode, headers: answered, body } = await app.inject({ method: payload === undefined ? 'GET' : 'POST', url, headers, ...(payload === undefined ? {} : { payload }) })
  return { status: statusCode, headers: answered, body: JSON.parse(body) as { error: string, code: string, details?: Array<{ path: string, message: string }> } }
}

t.test('the sentence of an error is in the language that the client asks for', async (t) => {
  for (const [language, { errors }] of Object.entries(sentences)) {
    const { body, headers } = await ask(language)
    t.same([body.code, body.error, headers['content-language']], ['CHR_UNAUTHENTICATED', errors.CHR_UNAUTHENTICATED, language])
  }
})

const choices: Array<[header: string | undefined, language: SentenceLanguage]> = [
  [undefined, 'en'], ['', 'en'], ['en', 'en'], ['de', 'de'], ['de-AT', 'de'], ['pt-BR,pt;q=0.9', 'pt'], ['xx, ja;q=0.5', 'ja'], ['fr;q=0.2, es;q=0.8', 'es'],
  ['fr;q=0, id', 'id'], ['*', 'en'], ['*, ar;q=0.5', 'ar'], ['zh-TW', 'en'], ['hi-Latn', 'en'], ['hi-IN', 'hi'], ['in', 'id'], ['DE', 'de'], ['de;q=2, fr', 'fr'],
  ['de;q=1.5, fr;q=0.1', 'fr'], ['\u00e4\u00f6, ;;;q=, de', 'de'], ['-', 'en'], [`${'x'.repeat(40)}, de`, 'de'], ['en-GB, de;q=0.9', 'en']
]

t.test('Accept-Language decides by its weights, and English answers whatever cannot be read', async (t) => {
  for (const [header, language] of choices) {
    const { body, headers } = await ask(header)
    const expected = language === 'en' ? 'This needs a valid bearer token: Authorization: Bearer <token>.' : sentences[language].errors.CHR_UNAUTHENTICATED
    t.same([headers['content-language'], body.error], [language, expected], header ?? 'no header')
  }
})

t.test('Vary names the header beside those that it named before', async (t) => {
  for (const language of ['de', undefined]) t.equal((await ask(language)).headers['vary'], 'Authorization, Cookie, Origin, Accept-Language')
})

t.test('placeholders are filled in: a number, the formats of images, a wait', async (t) => {
  const phone = async (language: string) => (await ask(language, '/login', { phone_number: '12' })).body
  t.match(await phone('de'), { code: 'CHR_PHONE_INVALID', error: 'Das ist keine Telefonnummer. Geben Sie sie in internationaler Form ein, zum Beispiel +918123456789.' })
  t.match((await phone('ar')).error, '\u2068+918123456789\u2069', 'isolated in a text from right to left')
  const locked = createPhone()
  await signUp(app, { phone: locked })
  for (let guess = 0; guess < 5; guess++) await postJson(app, '/verify', { phone_number: locked, otp: '000000' })
  const wait = async (language: string) => (await ask(language, '/login', { phone_number: locked })).body
  t.match((await wait('fr')).error, /^Trop de codes faux\. Réessayez dans \d+\u00a0secondes\.$/)
  t.match((await wait('ar')).error, /\u2068\d* ?[^\d]+\u2069\.$/)
  t.match((await wait('en')).error, /^Too many wrong codes\. Try again in \d+ seconds\.$/)
  t.equal((await wait('fr')).details, undefined)
})

t.test('an exact sentence moves to the details, where those of the schema are too', async (t) => {
  const invalid = await ask('es', '/login', { phone: '1' })
  t.match(invalid.body, { error: sentences.es.errors.CHR_VALIDATION, details: [{ message: /field "phone_number" is required|unknown field "phone"/ }] })
  const missing = await ask('es', '/deliveries/AAAAAAAAAAAAAAAAAAAAAA')
  t.match(missing.body, { error: sentences.es.errors.CHR_NOT_FOUND, details: [{ path: '', message: 'There is no such delivery.' }] })
  t.equal((await ask('es', '/nowhere')).body.details, undefined, 'the general sentence says all')
})

t.test('errors for developers are English, and say so', async (t) => {
  const wrongMethod = await ask('de', '/me', {})
  t.match([wrongMethod.body.code, wrongMethod.headers['content-language']], ['CHR_METHOD_NOT_ALLOWED', 'en'])
  const oauth = await app.inject({ method: 'POST', url: '/token', headers: { 'accept-language': 'de', 'content-type': 'application/x-www-form-urlencoded' }, payload: 'grant_type=x' })
  t.match([oauth.headers['content-language'], oauth.json()], [undefined, { error: 'invalid_request', error_description: /^[\x20-\x7e]+$/ }])
})

t.test('the status of an SMS is told in the language of the client', async (t) => {
  const { body: { delivery_id: id } } = await postJson(app, '/signup', { name: 'Asha', phone_number: createPhone() })
  for (const [language, { deliveries }] of Object.entries(sentences)) {
    const { headers, body } = await app.inject({ url: `/deliveries/${String(id)}`, headers: { 'accept-language': language } })
    const { message } = JSON.parse(body) as { message: string }
    t.ok(([deliveries.queued, deliveries.sent, deliveries.delivered] as string[]).includes(message), message)
    t.match(headers, { 'content-language': language, vary: /Accept-Language/ })
  }
  t.equal((await app.inject(`/deliveries/${String(id)}`)).headers['content-language'], 'en')
})
