import fc from 'fast-check'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import t from 'tap'
import { listSpellings, toCurrentSpelling } from '../../../../src/domain/auth/earlier-spellings.ts'
import { parsePhone } from '../../../../src/domain/auth/phone.ts'
import { maximumTypedLength, parseCode, readTyped } from '../../../../src/domain/auth/typed-text.ts'

/** The ten digits of each script that the runtime can format numbers with, as an independent source of their values. */
const scripts = Intl.supportedValuesOf('numberingSystem').map((numberingSystem) => {
  const { format } = new Intl.NumberFormat('en', { numberingSystem, useGrouping: false })
  return { numberingSystem, digits: Array.from({ length: 10 }, (_none, value) => format(value)) }
}).filter(({ digits }) => digits.every((digit) => /^\p{Nd}$/u.test(digit)))

const invisible = [...'\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2066\u2069\u00ad\ufe0f\ufeff']
const codeSeparators = [...' \u00a0\u2009\u202f\u3000-\u2010\u2011\u2013\u2212.\u00b7/()[]\t\n']
const numberSeparators = [' ', '\u00a0', '\u202f', '-', '\u2011', '\u2013', '.']
const edges = ['', ' ', '\n', '\r\n', '\t', '\u200e', '\ufeff', '\u2028']

t.test('digits of every script are read by their value', async (t) => {
  t.ok(scripts.length > 60, `${scripts.length} scripts`)
  for (const { numberingSystem, digits } of scripts) t.equal(readTyped(digits.join('')), '0123456789', numberingSystem)
})

t.test('a code is read as people paste it', async (t) => {
  const codes: Array<[typed: string, code: string]> = [
    ['123456', '123456'], ['123 456', '123456'], ['123-456', '123456'], ['123456\n', '123456'], ['\r\n 123456\t', '123456'],
    ['12 34 56', '123456'], ['1 2 3 4 5 6', '123456'], ['123\u00a0456', '123456'], ['123\u202f456', '123456'], ['123\u2013456', '123456'],
    ['\u200e123456\u200f', '123456'], ['\ufeff123456', '123456'], ['123\u00ad456', '123456'], ['1\ufe0f2\ufe0f3\ufe0f4', '1234'],
    ['１２３４５６', '123456'], ['١٢٣٤٥٦', '123456'], ['۱۲۳۴۵۶', '123456'], ['१२३४५६', '123456'], ['१२३-४५६', '123456'], ['123٤٥٦', '123456'],
    ['(123) 456', '123456'], ['[123456]', '123456'], ['123.456', '123456'], ['123/456', '123456'], ['123456.', '123456'],
    ['0000', '0000'], ['001234', '001234'], ['0123456789', '0123456789'], ['𝟏𝟐𝟑𝟜𝟝𝟞', '123456']
  ]
  for (const [typed, code] of codes) t.equal(parseCode(typed), code, JSON.stringify(typed))
})

t.test('a text that is more or less than a code is refused', async (t) => {
  const texts = [
    '', ' ', '---', '123', '1 2 3', '12345678901', '123456 123456', '12345a', '12345O', 'l23456', 'Code: 123456', 'G-123456', '#123456',
    '123,456', '123;456', '123456!', '+123456', '"123456"', '12345\0', '1e5678', '0x1234', '一二三四五六', '②③④⑤⑥⑦', '¹²³⁴⁵⁶', 'ⅣⅤⅥⅦ', '½½½½'
  ]
  for (const text of texts) t.equal(parseCode(text), undefined, JSON.stringify(text))
})

/** Texts that show the same digits: in any script, with separators and invisible characters. */
function spell (digits: string, separators: readonly string[], { keepsAscii = 0 } = {}): fc.Arbitrary<string> {
  const decoration = fc.array(fc.constantFrom(...separators, ...invisible), { maxLength: 1 }).map((marks) => marks.join(''))
  const parts = [...digits].map((digit, index) => fc.tuple(
    fc.constantFrom(...(index < keepsAscii || !/\d/.test(digit) ? [digit] : scripts.map((script) => String(script.digits[Number(digit)])))),
    index === digits.length - 1 ? fc.constant('') : decoration
  ).map((part) => part.join('')))
  return fc.tuple(fc.constantFrom(...edges), fc.tuple(...parts), fc.constantFrom(...edges))
    .map(([before, middle, after]) => `${before}${middle.join('')}${after}`)
}

const code = fc.integer({ min: 4, max: 10 }).chain((length) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`)))

const spelledCode = code.chain((digits) => fc.tuple(fc.constant(digits), spell(digits, codeSeparators)))

t.test('every spelling of a code gives the code, and no spelling of another one does', async () => {
  fc.assert(fc.property(spelledCode, ([digits, typed]) => parseCode(typed) === digits))
  fc.assert(fc.property(code, spelledCode, (right, [wrong, typed]) => right === wrong || parseCode(typed) !== right))
})

t.test('no text has a code unless its decimal digits are those of the code, in their order', async () => {
  const known = fc.constantFrom(...scripts.flatMap(({ digits }) => digits), ...codeSeparators, ...invisible)
  const text = fc.array(fc.oneof(known, fc.string({ unit: 'binary', maxLength: 1 })), { maxLength: 14 })
  const toValues = (character: string) => scripts.map(({ digits }) => digits.indexOf(character)).filter((value) => value >= 0).slice(0, 1)
  fc.assert(fc.property(text, (characters) => {
    const parsed = parseCode(characters.join(''))
    return parsed === undefined || parsed === characters.flatMap(toValues).join('')
  }), { numRuns: 2000 })
})

const mobileNumbers = getCountries().flatMap((country) => getExampleNumber(country, examples)?.number ?? [])
/** Numbers of today, made from examples by other last digits. */
const number = fc.tuple(fc.constantFrom(...mobileNumbers), fc.stringMatching(/^[0-9]{3}$/))
  .map(([example, end]) => example.slice(0, -3) + end)
  .filter((e164) => parsePhone(e164, 'ZZ').kind === 'valid')

t.test('every spelling of a number gives the number', async () => {
  const spelled = number.chain((e164) => fc.tuple(fc.constant(e164), spell(e164, numberSeparators, { keepsAscii: 1 })))
  fc.assert(fc.property(spelled, ([e164, typed]) => {
    fc.pre(typed.trim().length <= 30)
    const parsed = parsePhone(typed, 'IN')
    return parsed.kind === 'valid' && parsed.e164 === toCurrentSpelling(e164)
  }))
})

t.test('the numbers of two lines are never read as one', async () => {
  const pair = fc.tuple(number, number).chain(([one, other]) => fc.tuple(
    fc.constant(one), fc.constant(other), spell(one, numberSeparators, { keepsAscii: 1 }), spell(other, numberSeparators, { keepsAscii: 1 })
  ))
  fc.assert(fc.property(pair, fc.constantFrom(...getCountries()), ([one, other, typed, otherTyped], region) => {
    const [first, second] = [parsePhone(typed, region), parsePhone(otherTyped, region)]
    if (first.kind !== 'valid' || second.kind !== 'valid') return true
    return (first.e164 === second.e164) === listSpellings(one).includes(listSpellings(other)[0])
  }))
})

t.test('two numbers in one field are never read as one number', async () => {
  const gap = fc.constantFrom('/', ' / ', '\n', ',', ';', ', ', ' or ', '\t', ' ')
  fc.assert(fc.property(number, number, gap, (one, other, between) => parsePhone(`${one}${between}${other}`, 'IN').kind === 'malformed'))
  fc.assert(fc.property(number, number, gap, (one, other, between) => {
    return parsePhone(`${one}${between}${other.slice(1)}`, 'IN').kind === 'malformed'
  }))
})

t.test('the fields bound what is typed', async (t) => {
  t.ok(maximumTypedLength >= 2 * '+54 9 (11) 15 2345-6789'.length)
})
