import t from 'tap'
import { listSpellings, toCurrentSpelling } from '../../../../src/domain/auth/earlier-spellings.ts'
import { numberingChanges } from '../../../../src/domain/auth/numbering-changes.ts'
import { parsePhone } from '../../../../src/domain/auth/phone.ts'

/** For each country: the number of today, and how people write it. Texts without a plus are typed in that country. */
const rows: Array<[country: string, e164: string, texts: string[]]> = [
  ['AR', '+5491123456789', [
    '11 2345-6789', '011 2345 6789', '+54 11 2345-6789', '+54 9 11 2345-6789', '0 11 15 2345-6789', '11 15 2345-6789',
    '+54 11 15 2345 6789',
    '+54 9 11 15 2345 6789', '+54 (0)11 2345 6789', '+54 011 2345 6789', '54 11 2345 6789', '0054 11 2345 6789', '9 11 2345-6789'
  ]],
  ['AR', '+5493514123456', ['351 412-3456', '0351 15 412-3456', '+54 351 412 3456']],
  ['AU', '+61412345678', ['0412 345 678', '+61 0412 345 678']],
  ['BJ', '+2290197123456', ['97 12 34 56', '+229 97 12 34 56', '00229 97123456', '229 97 12 34 56', '01 97 12 34 56']],
  ['BR', '+5511987654321', [
    '11 8765-4321', '(11) 8765-4321', '011 8765-4321', '0 15 11 8765-4321', '+55 11 8765-4321', '55 11 8765 4321',
    '0 41 11 98765-4321', '90 15 11 98765-4321'
  ]],
  ['BR', '+5511967654321', ['+55 11 6765-4321']],
  ['BR', '+5511997654321', ['+55 (11) 9765-4321']],
  ['BR', '+551177654321', ['+55 11 7765-4321']],
  ['BY', '+375291234567', ['8 029 123 45 67', '80291234567', '+375 (0)29 123-45-67']],
  ['CI', '+2250707123456', ['07 12 34 56', '+225 07 12 34 56', '00225 07123456', '07 07 12 34 56']],
  ['CI', '+2250544123456', ['+225 44 12 34 56']],
  ['CI', '+2250171123456', ['+225 71 12 34 56']],
  ['CL', '+56987654321', ['09 8765 4321', '+56 09 8765 4321', '9 8765 4321']],
  ['CM', '+237677123456', ['77 12 34 56', '+237 77 12 34 56']],
  ['CM', '+237699123456', ['+237 99 12 34 56']],
  ['CN', '+8613812345678', ['0138 1234 5678', '+86 0138 1234 5678', '12593 138 1234 5678', '17951 13812345678']],
  ['CO', '+573101234567', ['03 310 123 4567', '+57 03 310 123 4567', '310 1234567']],
  ['CR', '+50683312345', ['331 2345', '+506 331-2345']],
  ['CR', '+50688312345', ['+506 831-2345']],
  ['CU', '+5351234567', ['05 123 4567', '5 1234567', '+53 05 123 4567']],
  ['CZ', '+420602123456', ['0602 123 456', '+420 0602 123 456', '602 123 456']],
  ['EC', '+593991234567', ['09 912 34567', '+593 9 123 4567', '09 123 4567']],
  ['EC', '+593981234567', ['08 123 4567', '+593 8 123 4567']],
  ['EG', '+201001234567', ['010 123 4567', '+20 10 123 4567', '+20 0100 123 4567']],
  ['EG', '+201223456789', ['012 345 6789', '+20 12 345 6789']],
  ['EG', '+201091234567', ['019 123 4567']],
  ['GA', '+24177123456', ['07 12 34 56', '+241 07 12 34 56', '+241 7 12 34 56', '077 12 34 56', '+241 077 12 34 56', '00241 07 12 34 56']],
  ['GA', '+24162123456', ['02 12 34 56', '+241 02 12 34 56']],
  ['GE', '+995577123456', ['77 12 34 56', '+995 77 12 34 56', '8 577 12 34 56', '0 577 12 34 56']],
  ['HU', '+36301234567', ['06 30 123 4567', '+36 06 30 123 4567', '30 123 4567']],
  ['ID', '+6281234567890', ['0812 3456 7890', '+62 0812 3456 7890']],
  ['IT', '+393471234567', ['0347 123 4567', '+39 0347 123 4567', '347 123 4567']],
  ['JP', '+819012345678', ['090-1234-5678', '+81 090-1234-5678', '０９０ー１２３４ー５６７８']],
  ['KZ', '+77012345678', ['8 701 234 56 78', '+7 8 701 234 56 78', '701 234 56 78']],
  ['LT', '+37061234567', ['8 612 34567', '0 612 34567', '+370 8 612 34567']],
  ['MA', '+212661234567', ['061 23 45 67', '+212 61 23 45 67', '06 61 23 45 67']],
  ['MU', '+23057123456', ['712 3456', '+230 712 3456']],
  ['MX', '+525512345678', [
    '55 1234 5678', '1 55 1234 5678', '01 55 1234 5678', '044 55 1234 5678', '045 55 1234 5678', '+52 1 55 1234 5678', '+521 55 1234 5678',
    '0052 1 55 1234 5678', '52 1 55 1234 5678', '+52 044 55 1234 5678', '+52 01 55 1234 5678'
  ]],
  ['NI', '+50588123456', ['812 3456', '+505 812-3456']],
  ['PL', '+48501234567', ['0 501 234 567', '+48 0501 234 567', '501 234 567']],
  ['QA', '+97455512345', ['551 2345', '+974 551 2345']],
  ['QA', '+97433123456', ['+974 312 3456']],
  ['RU', '+79123456789', ['8 (912) 345-67-89', '+7 8 912 345 67 89', '912 345-67-89']],
  ['SV', '+50378123456', ['812 3456', '+503 812-3456']],
  ['SX', '+17215201234', ['+599 520 1234', '520 1234', '+1 721 520 1234']],
  ['TJ', '+992917123456', ['8 917 12 34 56', '917 12 34 56']],
  ['UA', '+380671234567', ['8 067 123 45 67', '80671234567', '067 123 45 67', '+38 067 123 45 67']],
  ['US', '+525512345678', ['011 52 1 55 1234 5678', '011 52 55 1234 5678']],
  ['UZ', '+998901234567', ['8 90 123 45 67', '90 123 45 67']],
  ['VN', '+84701234567', ['0120 123 4567', '+84 120 123 4567']],
  ['VN', '+84321234567', ['0162 123 4567', '+84 0162 123 4567']],
  ['VN', '+84591234567', ['0199 123 4567']]
]

for (const [country, e164, texts] of rows) {
  t.test(`${country}: ${e164} is read however people write it`, async (t) => {
    for (const text of [e164, ...texts]) t.match(parsePhone(text, country), { kind: 'valid', e164 }, text)
    for (const text of texts) if (text.startsWith('+')) t.match(parsePhone(text, 'IN'), { kind: 'valid', e164 }, `${text} from abroad`)
  })
}

t.test('a sentence says what changed where the new number cannot be told from the old one', async (t) => {
  const unclear: Array<[country: string, text: string, hint: RegExp]> = [
    ['AR', '15 2345-6789', /area code/], ['AR', '2345-6789', /area code/],
    ['BR', '98765-4321', /area code/], ['BR', '+55 8765-4321', /area code/],
    ['CI', '+225 67 12 34 56', /10 digits: 01, 05 or 07/], ['GN', '+224 60 12 34 56', /March 2013/],
    ['KW', '+965 912 3456', /October 2008/],
    ['LA', '+856 20 231 2345', /8 digits after the 20/], ['MA', '+212 41 23 45 67', /March 2009/], ['MX', '1234 5678', /10 digits/],
    ['PE', '+51 9123 4567', /Since 2008/], ['PE', '+51 1 9123 4567', /Since 2008/], ['TG', '+228 912 3456', /August 2011/]
  ]
  for (const [country, text, hint] of unclear) {
    const parsed = parsePhone(text, country)
    t.match(parsed, { kind: 'malformed', hint }, `${country} ${text}`)
    if (!text.startsWith('+')) t.strictSame(parsePhone(text, 'US'), { kind: 'malformed' }, `${text} elsewhere`)
  }
})

t.test('a number of today keeps its meaning although it looks like an old one', async (t) => {
  const numbers: Array<[country: string, text: string, kind: string]> = [
    ['AR', '+54 800 555 1234', 'not_textable'], ['BR', '+55 11 3765-4321', 'not_textable'], ['EG', '+20 15 123 4567', 'not_textable'],
    ['IT', '0331 123 456', 'not_textable'], ['SV', '800 1234', 'not_textable'], ['QA', '800 1234', 'not_textable'],
    ['CM', '+237 88 12 34 56', 'not_textable'], ['MU', '+230 212 3456', 'not_textable'], ['US', '044 55 1234 5678', 'malformed']
  ]
  for (const [country, text, kind] of numbers) t.match(parsePhone(text, country), { kind }, `${country} ${text}`)
})

const digits = (count: number) => Array.from({ length: count }, () => Math.floor(Math.random() * 10)).join('')

t.test('each change gives a line one new spelling, and the new one leads back to the old one', async (t) => {
  for (const { country, oldCallingCode, newCallingCode, areaDigits, prefixes, restDigits, since, source } of numberingChanges) {
    const entries = Object.entries(prefixes)
    t.equal(new Set(entries.map(([, current]) => current)).size, entries.length, `${country}: no new prefix occurs twice`)
    t.match(since, /^\d{4}-\d\d-\d\d$/)
    t.ok(source.length > 0)
    for (const [old, current] of entries) {
      const [area, rest] = [digits(areaDigits), digits(restDigits)]
      const [before, after] = [`+${oldCallingCode}${area}${old}${rest}`, `+${newCallingCode}${area}${current}${rest}`]
      t.equal(toCurrentSpelling(before), after, `${country}: ${before}`)
      t.equal(toCurrentSpelling(after), after, `${country}: ${after} is no old spelling`)
      t.ok(listSpellings(after).includes(before), `${country}: ${after} was ${before}`)
      t.strictSame(listSpellings(before), listSpellings(after))
    }
  }
})

t.test('most lines have one spelling', async (t) => {
  for (const e164 of ['+918123456789', '+447400123456', '+14155550123', '+551177654321', '+5496750123456']) {
    t.strictSame(listSpellings(e164), [e164])
  }
})

t.test('old spellings are in use for no other line', async (t) => {
  for (const [, e164] of rows) {
    for (const old of listSpellings(e164).slice(1)) {
      const parsed = parsePhone(old, 'IN')
      t.ok(parsed.kind === 'valid' && parsed.e164 === e164, `${old} is ${e164}`)
    }
  }
})
