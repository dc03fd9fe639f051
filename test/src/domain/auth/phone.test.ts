import examples from 'libphonenumber-js/mobile/examples'
import { getCountries, getCountryCallingCode, getExampleNumber, isSupportedCountry } from 'libphonenumber-js/max'
import t from 'tap'
import { toCurrentSpelling } from '../../../../src/domain/auth/earlier-spellings.ts'
import { maskPhone, parsePhone } from '../../../../src/domain/auth/phone.ts'

t.test('all spellings of a number have one E.164 form', async (t) => {
  const spellings = [
    '+918123456789',
    '8123456789',
    '08123456789',
    '918123456789',
    '00918123456789',
    '00 91 81234 56789',
    '+91 81234 56789',
    '+91-81234-56789',
    '+91.81234.56789',
    '+91 (0) 81234 56789',
    '(0) 81234-56789',
    '(+91) 81234 56789',
    '  +91 8123456789\n',
    '+91\u00a081234\u202f56789',
    '+91 81234\u201156789',
    '+91 81234\u201356789',
    '\u202a+91 81234 56789\u202c',
    '\u2068+918123456789\u2069',
    '+918123456789\u200b',
    '\ufeff+91 81234\u00ad56789',
    '\t+91 8123456789\r\n',
    '\u200f\n+91 8123456789\n\u200f',
    '+91/81234/56789',
    '[+91] 81234 56789',
    '+91 81234\u221256789',
    '+91 81234\u30fc56789',
    '+91 81234\u00b756789',
    '+٩١٨١٢٣٤٥٦٧٨٩',
    '٠٨١٢٣٤٥٦٧٨٩',
    '+९१ ८१२३४ ५६७८९',
    '+91 ८१२३४-५६७८९',
    '۰۰۹۱ ۸۱۲۳۴ ۵۶۷۸۹',
    '\uff0b\uff19\uff11\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19'
  ]
  for (const spelling of spellings) {
    t.strictSame(parsePhone(spelling, 'IN'), { kind: 'valid', e164: '+918123456789', country: 'IN' }, JSON.stringify(spelling))
  }
})

t.test('text that is not a phone number, or merely contains one, is malformed', async (t) => {
  const texts = [
    '', ' ', '+', '9', '0091', 'hello',
    'call +918123456789', '+918123456789 please', 'tel:+918123456789', '+918123456789;ext=5', '+918123456789 x5',
    '+918123456789,', '8123456789/8123456780', '8123456789/1', '8123456789 8123456789', '++918123456789', '+91+8123456789',
    '81234\n56789', '81234\u000056789', '8123456789\n8123456780', '<8123456789>',
    '+91 ⁸¹²³⁴⁵⁶⁷⁸⁹', '+91 八一二三四五六七八九', '8123456789e0', '0x8123456789',
    '+91812345678', '+9181234567890', '00 8123456789', '+999123456789', '+07700900123', `+${'9'.repeat(40)}`
  ]
  for (const text of texts) t.strictSame(parsePhone(text, 'IN'), { kind: 'malformed' }, JSON.stringify(text))
})

t.test('a slash after a whole number begins another number', async (t) => {
  t.match(parsePhone('0151/12345678', 'DE'), { kind: 'valid', e164: '+4915112345678' })
  t.strictSame(parsePhone('0171 2345678/9', 'DE'), { kind: 'malformed' }, 'with the 8 it would be the number of somebody else')
  t.strictSame(parsePhone('030 123456/78', 'DE'), { kind: 'malformed' }, 'a landline with an extension')
})

t.test('a number that cannot receive SMS differs from a malformed one', async (t) => {
  const numbers = {
    'landline in Delhi': '+911123456789',
    'landline in London': '+442079460958',
    'toll-free in India': '+911800123456',
    'toll-free in the United States': '+18002345678',
    'premium rate in the United States': '+19002345678',
    'personal number in the United Kingdom': '+447012345678',
    'satellite, Iridium': '+881612345678',
    'satellite, Inmarsat': '+870773111632',
    'international network': '+883510012345678',
    'international freephone': '+80012345678'
  }
  for (const [what, number] of Object.entries(numbers)) t.strictSame(parsePhone(number, 'IN'), { kind: 'not_textable' }, what)
})

t.test('a trunk zero in parentheses is omitted', async (t) => {
  for (const spelling of ['+44 (0) 7911 123456', '0044 (0)7911 123456', '+44(0)7911123456']) {
    t.match(parsePhone(spelling, 'IN'), {
      kind: 'valid', e164: '+447911123456'
    }, spelling)
  }
  t.match(parsePhone('+44 (1) 7911 123456', 'IN'), { kind: 'malformed' })
})

t.test('a national form belongs to the default region', async (t) => {
  t.strictSame(parsePhone('07400 123456', 'GB'), { kind: 'valid', e164: '+447400123456', country: 'GB' })
  t.strictSame(parsePhone('(201) 555-0123', 'US'), { kind: 'valid', e164: '+12015550123', country: 'US' })
  t.strictSame(parsePhone('011 91 81234 56789', 'US'), {
    kind: 'valid', e164: '+918123456789', country: 'IN'
  }, 'the international prefix of the region is parsed too')
  t.strictSame(parsePhone('07400 123456', 'IN'), { kind: 'valid', e164: '+917400123456', country: 'IN' })
})

t.test("every country's example mobile number is parsed in every common form", async (t) => {
  const countries = getCountries()
  t.ok(countries.length > 200)
  for (const country of countries) {
    const example = getExampleNumber(country, examples)
    if (example === undefined) throw new Error(`no example for ${country}`)
    for (const form of [example.number, example.formatInternational(), `00${example.number.slice(1)}`, example.formatNational()]) {
      const parsed = parsePhone(form, country)
      // Some countries share a numbering plan, so only the calling code of the answer is sure.
      const callingCode = parsed.kind === 'valid' && isSupportedCountry(parsed.country) ? getCountryCallingCode(parsed.country) : undefined
      const expected = { ...parsed, kind: 'valid', e164: toCurrentSpelling(example.number), callingCode: example.countryCallingCode }
      t.strictSame({ ...parsed, callingCode }, expected, `${country}: ${form}`)
    }
  }
})

t.test('a masked number shows only its first and last three characters', async (t) => {
  t.equal(maskPhone('+918123456789'), '+91*******789')
  t.equal(maskPhone('+29012'), '+29012')
})
