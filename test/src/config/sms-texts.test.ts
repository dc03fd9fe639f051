import path from 'node:path'
import t from 'tap'
import { ConfigError, loadConfig } from '../../../src/config/index.ts'

const text = '{brand}: code {code}, {minutes} min.'
const read = (value: string) => loadConfig({ SMS_TEMPLATES: value }).sms.texts.templates

function problemsOf (env: Record<string, string>): string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    return (error as ConfigError).problems
  }
}

t.test('texts are read from JSON in the variable, or from a file', async (t) => {
  const json = JSON.stringify({
    en: text, 'hi-IN': { code: `कोड ${text}`, phone_changed: '{brand}: moved' }, IN: { phone_changed: '{brand}: gone' }
  })
  const folder = t.testdir({ 'texts.json': ` ${json}\n` })
  for (const value of [json, path.join(folder, 'texts.json'), path.relative(process.cwd(), path.join(folder, 'texts.json'))]) {
    const { find } = read(value)
    t.equal(find('code', 'en', 'US').text, text)
    t.equal(find('code', 'hi', 'IN').text, `कोड ${text}`)
    t.equal(find('phone_changed', 'hi', 'IN').text, '{brand}: moved')
    t.equal(find('phone_changed', 'en', 'IN').text, '{brand}: gone')
  }
})

const refused: Array<[string, RegExp]> = [
  ['{"en": ', /^SMS_TEMPLATES is badly-formed JSON$/],
  [
    '/no/such/file.json',
    /^SMS_TEMPLATES is neither JSON, which begins with \{, nor a file that can be read \(ENOENT\): \/no\/such\/file\.json$/
  ],
  ['{"english": "x"}', /^SMS_TEMPLATES: english is not a language \(hi\), country \(IN\) or language of a country \(hi-IN\)$/],
  ['{"EN": "x"}', /^SMS_TEMPLATES: EN is refused: EN is not a known country code$/],
  ['{"hi-XX": "x"}', /^SMS_TEMPLATES: hi-XX is refused: XX is not a known country code$/],
  ['{"en": 1}', /^SMS_TEMPLATES: en is neither a text nor an object of texts named code, phone_changed$/],
  ['{"en": null}', /neither a text/],
  ['{"en": {"code": 1}}', /neither a text/],
  ['{"en": {"welcome": "x"}}', /neither a text/],
  [
    JSON.stringify({ IN: `${text} {#var#}` }),
    /^SMS text IN \(code\) contains \{#var#\}; the placeholders are \{code\}, \{minutes\}, \{brand\}$/
  ],
  [JSON.stringify({ en: 'Hello' }), /^SMS text en \(code\) lacks the placeholder \{code\}$/],
  [JSON.stringify({ de: { phone_changed: `{brand}: ${'x'.repeat(160)}` } }), /^SMS text de \(phone_changed\) needs 2 segments/]
]
for (const [value, problem] of refused) {
  t.test(`SMS_TEMPLATES=${value.slice(0, 40)} stops the start`, async (t) => { t.match(problemsOf({ SMS_TEMPLATES: value })[0], problem) })
}

t.test('a file without an object of texts stops the start', async (t) => {
  const folder = t.testdir({ 'list.json': '["en"]', 'null.json': 'null', 'text.json': '"en"' })
  for (const name of ['list.json', 'null.json', 'text.json']) {
    t.same(problemsOf({ SMS_TEMPLATES: path.join(folder, name) }), ['SMS_TEMPLATES is not a JSON object of texts by language or country'])
  }
})

t.test('a last line that makes texts too long stops the start, and each text is named', async (t) => {
  const problems = problemsOf({ OTP_AUTOFILL_DOMAIN: `${'a'.repeat(60)}.${'b'.repeat(60)}.example.com` })
  t.ok(problems.some((problem) => /^SMS text en \(code\) needs 2 segments/.test(problem)))
  t.notOk(problems.some((problem) => problem.includes('phone_changed')))
})

t.test('a text that the SMS Retriever could not read stops the start', async (t) => {
  const env = { SMS_BRAND: 'a brand of twenty ch', OTP_ANDROID_APP_HASH: 'FA+9qCX9VSu' }
  t.ok(problemsOf(env).includes(
    'SMS text hi (code) has 158 bytes with the app hash, and the SMS Retriever reads up to 140; shorten the text or SMS_BRAND'
  ))
  t.same(problemsOf({ ...env, SMS_BRAND: 'Cheershare' }), [])
})

t.test('codes may be filled in on localhost, except in production', async (t) => {
  const env = { OTP_AUTOFILL_DOMAIN: 'localhost' }
  t.equal(loadConfig(env).sms.texts.style.autofillDomain, 'localhost')
  t.same(problemsOf({ ...env, NODE_ENV: 'production' }).filter((problem) => problem.startsWith('OTP_AUTOFILL')), [
    'OTP_AUTOFILL_DOMAIN is localhost, which is for development; in production it is the host name of your login page'
  ])
})

t.test('brand, domain and app hash are checked', async (t) => {
  const both = { OTP_AUTOFILL_DOMAIN: 'example.com', OTP_ANDROID_APP_HASH: 'FA+9qCX9VSu' }
  t.same(problemsOf(both), [])
  const { appHashes, style } = loadConfig({ ...both, OTP_ANDROID_APP_HASH: 'FA+9qCX9VSu, AAAAAAAAAAA' }).sms.texts
  t.same([appHashes, style.appHash, loadConfig({}).sms.texts.appHashes], [['FA+9qCX9VSu', 'AAAAAAAAAAA'], 'FA+9qCX9VSu', []])
  t.match(problemsOf({ OTP_ANDROID_APP_HASH: 'FA+9qCX9VSu,short' }), [/^OTP_ANDROID_APP_HASH is not an app hash/])
  for (const [name, value] of Object.entries(both)) t.same(problemsOf({ [name]: value }), [], name)
  t.same(problemsOf({ SMS_BRAND: 'Café Ñandu €' }), [])
  t.match(problemsOf({ SMS_BRAND: 'Café Ñandú {' }), [
    'SMS_BRAND may contain only characters of GSM-7, without braces and line breaks; it has "ú", "{"'
  ])
})
