import t from 'tap'
import { smsLanguages } from '../../../../src/domain/sms/languages.ts'
import { deliveryReasons } from '../../../../src/domain/sms/delivery-reasons.ts'
import { peopleCodes, placeholdersOf } from '../../../../src/domain/sentences/contract.ts'
import { deliverySentence, errorSentence, formatWait, sentences } from '../../../../src/domain/sentences/index.ts'
import { catalogue } from '../../../../src/http/errors.ts'

/** Errors that only the developer of a client or of another service meets. */
const developerCodes = [
  'CHR_TIME_ZONE_UNKNOWN', 'CHR_MULTIPART_INVALID', 'CHR_BAD_REQUEST', 'CHR_GRANT_UNSUPPORTED', 'CHR_AUDIENCE_UNKNOWN', 'CHR_SCOPE_UNKNOWN',
  'CHR_SUBJECT_TOKEN_INVALID', 'CHR_TOKEN_TYPE_UNSUPPORTED', 'CHR_CLIENT_INVALID', 'CHR_ORIGIN_REFUSED', 'CHR_SIGNATURE_INVALID',
  'CHR_METHOD_NOT_ALLOWED', 'CHR_IDEMPOTENCY_CONFLICT', 'CHR_MEDIA_TYPE', 'CHR_RANGE_NOT_SATISFIABLE', 'CHR_HEADERS_TOO_LARGE'
]

t.test('every error is for people or for developers, and the languages are those of the SMS', async (t) => {
  t.same([...peopleCodes, ...developerCodes].sort(), Object.keys(catalogue).sort())
  t.same(['en', ...Object.keys(sentences)].sort(), Object.keys(smsLanguages).sort())
})

t.test('every sentence has its placeholder and no other, and ends as a sentence', async (t) => {
  for (const [language, { errors, deliveries }] of Object.entries(sentences)) {
    t.same(Object.keys(errors), peopleCodes, language)
    t.same(Object.keys(deliveries).sort(), ['queued', 'sent', 'delivered', ...Object.keys(deliveryReasons)].sort(), language)
    for (const [key, text] of Object.entries({ ...errors, ...deliveries })) {
      const expected = placeholdersOf[key as keyof typeof placeholdersOf]
      t.same(text.match(/\{\w*\}/g) ?? [], expected === undefined ? [] : [`{${expected}}`], `${language} ${key}`)
      t.match(text, /[.\u0964\u3002]$/, `${language} ${key}`)
      t.notMatch(text, /\s{2}|^\s|\s$/, `${language} ${key}`)
    }
  }
})

t.test('waits have the plural of each language', async (t) => {
  const waits: Array<[language: keyof typeof sentences | 'en', seconds: number, text: string]> = [
    ['en', 1, '1 second'], ['en', 119, '119 seconds'], ['en', 120, '2 minutes'], ['en', 7141, '2 hours'], ['en', 7140, '119 minutes'], ['en', 7201, '3 hours'],
    ['de', 1, '1 Sekunde'], ['de', 300, '5 Minuten'], ['fr', 90, '90\u00a0secondes'], ['ar', 120, 'دقيقتان'], ['ar', 300, '5 دقائق'], ['hi', 300, '5 मिनट'],
    ['ja', 300, '5 分'], ['id', 86_400, '24 jam'], ['es', 3600, '60 minutos'], ['pt', 7200, '2 horas']
  ]
  for (const [language, seconds, text] of waits) t.equal(formatWait(language, seconds), text, `${language} ${seconds}`)
})

t.test('lists of formats are written in each language', async (t) => {
  t.equal(errorSentence('de', 'CHR_IMAGE_TYPE'), 'Die Datei ist kein Bild. Senden Sie JPEG, PNG, GIF, WebP oder AVIF.')
  t.equal(errorSentence('ar', 'CHR_IMAGE_TYPE')?.replaceAll(/[^\u2068\u2069]/g, ''), '\u2068\u2069')
  t.equal(errorSentence('de', 'CHR_MEDIA_TYPE'), undefined)
  t.equal(errorSentence('en', 'CHR_IMAGE_TYPE'), undefined)
  t.equal(deliverySentence('en', 'sent'), undefined)
  t.equal(deliverySentence('ja', 'delivered'), 'メッセージが届きました。')
})
