import t from 'tap'
import { build, createPhone, postJson, readCode, signUp } from '../support/helper.ts'

/** Writes digits in Devanagari. */
const inDevanagari = (digits: string) => digits.replace(/\d/g, (digit) => String.fromCharCode(0x966 + Number(digit)))
/** Writes digits in the Arabic-Indic script. */
const inArabic = (digits: string) => digits.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)))

const spellings: Record<string, (code: string) => string> = {
  'with a space': (code) => `${code.slice(0, 3)} ${code.slice(3)}`,
  'with a line break after it': (code) => `${code}\r\n`,
  'with a dash and invisible marks': (code) => `\u200e${code.slice(0, 3)}\u2011${code.slice(3)}\u200b`,
  'in Devanagari digits': inDevanagari
}

const app = await build(t)

for (const [what, spell] of Object.entries(spellings)) {
  t.test(`a right code ${what} is right, and a wrong one stays wrong`, async (t) => {
    const phone = createPhone()
    await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
    const code = await readCode(app, phone)
    const wrong = code === '000000' ? '000001' : '000000'
    t.match(await postJson(app, '/verify', { phone_number: phone, otp: spell(wrong) }), { status: 401, body: { code: 'CHR_OTP_INVALID' } })
    t.match(await postJson(app, '/verify', { phone_number: `\ufeff${inArabic(phone)}\n`, otp: spell(code) }), {
      status: 200, body: { data: { phone_number: phone } }
    })
  })
}

t.test('a change of number takes a number and a code as people type them', async (t) => {
  const { authorization } = await signUp(app)
  const phone = createPhone()
  const request = async (url: string, payload: object) => await app.inject({ method: 'POST', url, headers: { authorization }, payload })
  t.equal((await request('/me/phone-number', { phone_number: inDevanagari(phone) })).statusCode, 200)
  const code = await readCode(app, phone)
  t.match((await request('/me/phone-number/verify', { otp: `${code}a` })).json(), {
    code: 'CHR_VALIDATION', error: /^field "otp" needs 4 to 10 digits/
  })
  t.match((await request('/me/phone-number/verify', { otp: ` ${inArabic(code)} ` })).json(), { data: { phone_number: phone } })
})

t.test('a number of a retired plan is refused with a sentence that says what changed', async (t) => {
  t.match(await postJson(app, '/login', { phone_number: '+228 912 3456' }), {
    status: 400,
    body: { code: 'CHR_PHONE_INVALID', error: /^Since August 2011 numbers of Togo have 8 digits, .* Write the new number\.$/ }
  })
})
