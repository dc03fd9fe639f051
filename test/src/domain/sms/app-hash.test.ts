import t from 'tap'
import { smsLanguages } from '../../../../src/domain/sms/languages.ts'
import { lintText } from '../../../../src/domain/sms/lint.ts'
import { createTemplates, parseTemplateName, type Template } from '../../../../src/domain/sms/templates.ts'
import { codeText } from '../../../../src/domain/sms/text.ts'

const appHash = 'FA+9qCX9VSu'
const sizes = { codeLength: 6, lifeSeconds: 300 }
const { find } = createTemplates([])
const longBrand = 'a brand of twenty ch'
const own = (name: string, text: string): Template =>
  ({ name, language: undefined, country: undefined, ...parseTemplateName(name), message: 'code', text })
const breachesOf = (template: Template, brand: string, more = {}) =>
  lintText(template, { brand, appHash, ...more }, sizes).breaches.filter((breach) => breach.includes('SMS Retriever'))

/** Bytes of the text with the longest brand and the app hash, for the languages that the SMS Retriever could not read then. */
const tooLong: Record<string, number> = { hi: 158, ar: 156 }

for (const language of Object.keys(smsLanguages)) {
  t.test(`${language}: the lint counts the bytes of a text with the app hash, for a short brand and the longest one`, async (t) => {
    const template = find('code', language, 'ZZ')
    t.same(breachesOf(template, 'Cheershare'), [])
    const bytes = tooLong[language]
    t.same(breachesOf(template, longBrand), bytes === undefined
      ? []
      : [`has ${bytes} bytes with the app hash, and the SMS Retriever reads up to 140; shorten the text or SMS_BRAND`])
    t.same(lintText(template, { brand: longBrand }, sizes).breaches, [], 'without an app hash the text is fine')
  })
}

const filler = (length: number, character: string) => `{brand} code {code} {minutes} ${character.repeat(length)}`
for (const [what, template, isReadable] of [
  ['160 septets of GSM-7', own('en', filler(132, 'x')), true],
  ['161 septets of GSM-7', own('en', filler(133, 'x')), false],
  ['160 septets with an escaped character', own('en', filler(66, '€')), true],
  ['70 units of UCS-2', own('xx', filler(42, 'क')), true],
  ['71 units of UCS-2', own('xx', filler(43, 'क')), false],
  ['71 units of UCS-2 because of an emoji', own('xx', `${filler(41, 'x')}😀`), false],
  ['a registered text without a hash', own('IN', filler(100, 'क')), true],
  ['a registered text with the hash', own('IN', `${filler(100, 'क')}\n${appHash}`), false]
] as const) {
  t.test(`${what}: the SMS Retriever ${isReadable ? 'reads it' : 'does not'}`, async (t) => {
    t.equal(breachesOf(template, 'A').length, isReadable ? 0 : 1)
  })
}

t.test('the app hash and the line for browsers are sent together where they fit, with that line last', async (t) => {
  const style = { brand: 'Cheershare', appHash, autofillDomain: 'example.com' }
  const text = (language: string, more = {}) => codeText(find('code', language, 'ZZ'), { ...style, ...more }, { code: '0042', lifeSeconds: 60 })
  t.match(text('en'), /Never share it\.\nFA\+9qCX9VSu\n@example\.com #0042$/)
  t.equal(text('en', { isForApp: true }), text('en'))
  t.match(text('hi'), /[^u]\n@example\.com #0042$/, 'a request that names no app gets the line for browsers')
  t.notMatch(text('hi'), appHash)
  t.match(text('hi', { isForApp: true }), /बताएँ।\nFA\+9qCX9VSu$/, 'a request that names an app gets its hash')
})

t.test('the lint says which texts have no room for both lines, and leaves out those that have none or need none', async (t) => {
  const style = { brand: 'Cheershare', appHash, autofillDomain: 'example.com' }
  const notesOf = (template: Template, more = {}) => lintText(template, { ...style, ...more }, sizes).notes
  t.same(notesOf(find('code', 'hi', 'ZZ')), [
    'has no room for both last lines: requests with app_hash get the app hash, others @example.com'
  ])
  t.same(notesOf(find('code', 'en', 'ZZ')), [])
  t.same(notesOf(find('phone_changed', 'hi', 'ZZ')), [])
  t.same(notesOf(own('IN', 'Cheershare code {code} {minutes}')), [])
  t.same(notesOf(find('code', 'hi', 'ZZ'), { appHash: undefined }), [])
  t.same(notesOf(find('code', 'hi', 'ZZ'), { autofillDomain: undefined }), [])
})
