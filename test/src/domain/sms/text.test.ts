import t from 'tap'
import { smsLanguages } from '../../../../src/domain/sms/languages.ts'
import { measureSms } from '../../../../src/domain/sms/segments.ts'
import { createTemplates, parseTemplateName, type Message } from '../../../../src/domain/sms/templates.ts'
import { codeText, noticeText, type TextStyle } from '../../../../src/domain/sms/text.ts'

const style: TextStyle = { brand: 'Cheershare' }
const templates = createTemplates([])
const text = (language: string, lifeSeconds = 300, code = '123456', look = style) =>
  codeText(templates.find('code', language, 'ZZ'), look, { code, lifeSeconds })
const own = (name: string, words: string, message: Message = 'code') => ({
  name, language: undefined, country: undefined, ...parseTemplateName(name), message, text: words
})

t.test('the built-in texts are unchanged', async (t) => {
  t.same(Object.fromEntries(Object.keys(smsLanguages).map((language) => [language, text(language)])), {
    en: 'Cheershare: your code is 123456. It ends in 5 minutes. Never share it.',
    hi: 'Cheershare: कोड 123456 है। 5 मिनट मान्य। किसी को न बताएँ।',
    es: 'Cheershare: tu clave es 123456. Vence en 5 minutos. Nunca la compartas.',
    pt: 'Seu codigo Cheershare: 123456. Vale por 5 minutos. Nunca o compartilhe.',
    fr: 'Cheershare : votre code est 123456. Il expire dans 5 minutes. Ne le partagez jamais.',
    de: 'Cheershare: Ihr Code ist 123456. Er gilt 5 Minuten. Geben Sie ihn nie weiter.',
    ar: 'رمز Cheershare هو 123456، صالح 5 دقائق. لا تشاركه أبدًا.',
    id: 'Cheershare: kode Anda 123456. Berlaku 5 menit. Jangan berikan kepada siapa pun.',
    ja: 'Cheershare: 認証コードは123456です。5分間有効です。誰にも教えないでください。'
  })
})

t.test('minutes have the plural form of the language, and are at least one', async (t) => {
  const minutes: Array<[number, string]> = [
    [1, '1 minute.'], [60, '1 minute.'], [119, '2 minutes.'], [120, '2 minutes.'], [600, '10 minutes.']
  ]
  for (const [life, words] of minutes) t.ok(text('en', life).includes(`ends in ${words}`), `${life} s`)
  const one = {
    es: '1 minuto.', pt: '1 minuto.', fr: '1 minute.', de: '1 Minute.', id: '1 menit.', hi: '1 मिनट ', ja: '1分間', ar: ' دقيقة واحدة.'
  }
  for (const [language, words] of Object.entries(one)) t.ok(text(language, 60).includes(words), language)
  t.ok(text('ar', 120).includes('صالح دقيقتين.'))
})

for (const [language, { alphabet }] of Object.entries(smsLanguages)) {
  t.test(`${language} is ${alphabet} and one segment, for every code, lifetime and last line`, async (t) => {
    for (const life of [1, 60, 120, 300, 600]) {
      t.match(measureSms(text(language, life)), { alphabet, segments: 1 }, 'a code of six digits')
      const widest = text(language, life, '9'.repeat(10), {
        brand: 'a brand of twenty ch', autofillDomain: 'login.a-rather-long-name.example.com'
      })
      t.match(measureSms(widest), { alphabet, segments: alphabet === 'GSM-7' ? 1 : 2 }, 'the widest text fits')
    }
    t.match(measureSms(text(language, 300, '123456', {
      ...style, appHash: 'FA+9qCX9VSu'
    })), { segments: 1 }, 'the 140 bytes of the SMS Retriever')
    const notice = noticeText(templates.find('phone_changed', language, 'ZZ'), style)
    t.ok(notice.includes('Cheershare'))
    t.match(measureSms(notice), alphabet === 'GSM-7' ? { alphabet, segments: 1 } : { alphabet })
    t.ok(measureSms(notice).segments <= 2)
  })
}

t.test('digits in Arabic text are unchanged, after an Arabic word and without bidirectional controls', async (t) => {
  // The first strong letter is Arabic, so phones lay the text out from the right; the digits follow an Arabic letter and are a
  // separate number (UAX #9, W2), which runs from left to right. This needs no control characters.
  const bytes = Buffer.from(text('ar', 300, '012345', { ...style, autofillDomain: 'example.com' }))
  t.equal(bytes.toString('hex'), [
    'd8b1d985d8b2', '20', '43686565727368617265', '20', 'd987d988', '20', '303132333435', 'd88c', '20',
    'd8b5d8a7d984d8ad', '20', '35', '20',
    'd8afd982d8a7d8a6d982', '2e', '20', 'd984d8a7', '20', 'd8aad8b4d8a7d8b1d983d987', '20', 'd8a3d8a8d8afd98bd8a7', '2e', '0a',
    '406578616d706c652e636f6d', '20', '23303132333435'
  ].join(''))
  t.notMatch(text('ar'), /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u0660-\u0669]/)
})

t.test('the last line is exactly what the browser or the app expects', async (t) => {
  t.match(text('en', 300, '012345', { ...style, autofillDomain: 'example.com' }), /Never share it\.\n@example\.com #012345$/)
  t.match(text('de', 300, '012345', { ...style, appHash: 'FA+9qCX9VSu' }), /nie weiter\.\nFA\+9qCX9VSu$/)
})

t.test('a placeholder inside a value is not replaced', async (t) => {
  t.equal(codeText(own('en', '{brand} {code} {minutes}'), { brand: '$& $1' }, { code: '1234', lifeSeconds: 60 }), '$& $1 1234 1')
})

t.test('a text of the country has precedence over one of the language, and is sent unchanged', async (t) => {
  const registered = '{code} is your OTP for Cheershare, good for {minutes} minutes. -CHRSHR'
  const { find } = createTemplates([own('IN', registered), own('hi-IN', 'hi'), own('fr', 'fr'), own('ta', 'ta')])
  t.equal(codeText(find('code', 'en', 'IN'), { ...style, autofillDomain: 'example.com' }, { code: '0042', lifeSeconds: 60 }),
    '0042 is your OTP for Cheershare, good for 1 minutes. -CHRSHR')
  for (const [language, country, name] of [
    ['hi', 'IN', 'hi-IN'], ['fr', 'IN', 'IN'], ['fr', 'FR', 'fr'], ['ta', 'LK', 'ta'], ['xx', 'FR', 'en']
  ] as const) {
    t.equal(find('code', language, country).name, name, `${language} ${country}`)
  }
  t.equal(find('phone_changed', 'ta', 'IN').name, 'en', 'a notice without a registered text uses the text of the language, or English')
})
