import t from 'tap'
import { parseAcceptLanguage, createLanguageChoice, isLanguageTag } from '../../../../src/domain/sms/language-choice.ts'
import { createTemplates, parseTemplateName, type Message } from '../../../../src/domain/sms/templates.ts'

const own = (name: string, message: Message = 'code') => ({
  name, language: undefined, country: undefined, ...parseTemplateName(name), message, text: name
})

for (const [header, tags] of [
  ['', []],
  [`${'x'.repeat(36)}, ${'y'.repeat(35)}`, ['y'.repeat(35)]],
  ['fr', ['fr']],
  ['en;q=0.5, de;q=0.9,fr', ['fr', 'de', 'en']],
  ['da, en-gb;q=0.8, en;q=0.7', ['da', 'en-gb', 'en']],
  ['es;q=0, *;q=0.1', ['*']],
  ['de;q=2, fr;q=x, ja;level=1, pt ; Q=0.3', ['pt']],
  ['a,b', ['a', 'b']],
  [`${'xx,'.repeat(20)}de`, new Array(20).fill('xx')]
] as Array<[string, string[]]>) {
  t.test(`Accept-Language "${header.slice(0, 40)}" is parsed`, async (t) => { t.same(parseAcceptLanguage(header), tags) })
}

t.test('a language tag has the form of BCP 47', async (t) => {
  for (const tag of ['en', 'pt-BR', 'zh-Hant-TW', 'in', 'es-419', 'EN-us']) t.ok(isLanguageTag(tag), tag)
  for (const tag of ['', 'x', 'en_US', 'de-1', '*', 'english language', 'en-']) t.notOk(isLanguageTag(tag), tag)
})

const choices: Array<[country: string, wanted: string[], language: string]> = [
  ['IN', [], 'en'], ['IN', ['hi-IN', 'en'], 'hi'], ['IN', ['ta', 'hi'], 'hi'], ['IN', ['ta'], 'en'],
  ['BR', [], 'pt'], ['MX', [], 'es'], ['EG', [], 'ar'], ['CH', [], 'de'], ['SN', [], 'en'], ['US', [], 'en'],
  ['ZZ', [], 'en'], ['JP', ['en-US'], 'en'],
  ['US', ['pt-BR', 'es'], 'pt'], ['US', ['in'], 'id'], ['US', ['hi-Latn', 'de-AT'], 'de'], ['US', ['', '*', 'en_US', 'ja'], 'ja']
]
for (const [country, wanted, language] of choices) {
  t.test(`to ${country}, for ${wanted.join(', ') || 'no preference'}: ${language}`, async (t) => {
    const choose = createLanguageChoice(createTemplates([]))
    t.equal(choose(country, wanted), language)
    t.equal(choose(country, wanted), language, 'the memoized choice is the same')
  })
}

t.test('a country whose texts are all registered by language uses no others', async (t) => {
  const choose = createLanguageChoice(createTemplates([own('hi-IN'), own('ta-IN')]))
  t.same(['ta', 'hi', 'fr', 'en'].map((tag) => choose('IN', [tag])), ['ta', 'hi', 'hi', 'hi'], 'without a match the first is used')
  t.same(['ta', 'fr'].map((tag) => choose('LK', [tag])), ['en', 'fr'], 'other countries do not use its texts')
})

t.test('a country with a general text offers all languages, and own texts add languages', async (t) => {
  const choose = createLanguageChoice(createTemplates([own('IN'), own('hi-IN'), own('it'), own('ta-IN')]))
  t.same(['ta', 'hi', 'fr', 'it', 'xx'].map((tag) => choose('IN', [tag])), ['ta', 'hi', 'fr', 'it', 'en'])
  t.equal(choose('IT', []), 'it')
})
