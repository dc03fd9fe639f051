import t from 'tap'
import { parseTestNumber } from '../../../../src/domain/auth/test-numbers.ts'

const form = new TypeError('each entry begins with a mobile number in international form, such as +918123456789')
const code = new TypeError('+918123456789 needs a code of 4 to 10 digits after its first colon')
const lastDay = new TypeError('+918123456789 needs its last day at the end, written YYYY-MM-DD')

t.test('an entry has a number, a code and a last day, which ends at midnight UTC', async (t) => {
  const endsAt = Date.UTC(2027, 0, 1)
  t.strictSame(parseTestNumber('+918123456789:123456:2026-12-31'), ['+918123456789', { code: '123456', endsAt }])
  t.strictSame(parseTestNumber(' +918123456789 : 123456 : 2026-12-31 '), ['+918123456789', { code: '123456', endsAt }])
  t.strictSame(parseTestNumber('\u200e+91 81234 56789:123 456:2026-12-31'), ['+918123456789', { code: '123456', endsAt }])
  t.strictSame(parseTestNumber('+९१ ८१२३४ ५६७८९:१२३४५६:2026-12-31'), ['+918123456789', { code: '123456', endsAt }])
  t.match(parseTestNumber('+24107123456:1234:2026-12-31'), ['+24177123456', { code: '1234' }], 'an old spelling')
  t.match(parseTestNumber('+918123456789:0000:2028-02-29'), ['+918123456789', { code: '0000', endsAt: Date.UTC(2028, 2, 1) }])
  t.match(parseTestNumber('+918123456789:0123456789:2026-12-31'), ['+918123456789', { code: '0123456789' }], 'leading zeros are kept')
})

const malformed: Record<string, [entry: string, error: TypeError]> = {
  empty: ['', form],
  'without a number': [':123456:2026-12-31', form],
  'with a number in national form': ['8123456789:123456:2026-12-31', form],
  'with a number without its plus': ['918123456789:123456:2026-12-31', form],
  'with a number that has an extension': ['+918123456789;ext=5:123456:2026-12-31', form],
  'with a number that does not exist': ['+91812345:123456:2026-12-31', form],
  'with a landline': ['+912212345678:123456:2026-12-31', form],
  'with a name for a number': ['reviewer:123456:2026-12-31', form],
  'of a number alone': ['+918123456789', code],
  'without a code': ['+918123456789::2026-12-31', code],
  'with a code of 3 digits': ['+918123456789:123:2026-12-31', code],
  'with a code of 11 digits': ['+918123456789:12345678901:2026-12-31', code],
  'with a code of letters': ['+918123456789:12a456:2026-12-31', code],
  'with a code that has a line after it': ['+918123456789:123456\nx:2026-12-31', code],
  'with the date before the code': ['+918123456789:2026-12-31:123456', lastDay],
  'without a day': ['+918123456789:123456', lastDay],
  'with an empty day': ['+918123456789:123456:', lastDay],
  'with a day that does not exist': ['+918123456789:123456:2026-02-29', lastDay],
  'with a day written otherwise': ['+918123456789:123456:31.12.2026', lastDay],
  'with a moment for a day': ['+918123456789:123456:2026-12-31T00:00:00Z', lastDay],
  'with something after the day': ['+918123456789:123456:2026-12-31:x', lastDay]
}

for (const [what, [entry, error]] of Object.entries(malformed)) {
  t.test(`an entry ${what} is refused`, async (t) => {
    t.throws(() => parseTestNumber(entry), error)
  })
}

t.test('an error does not contain a code', async (t) => {
  for (const [entry, error] of Object.values(malformed)) t.throws(() => parseTestNumber(entry.replace(':123456', ':975310')), error, entry)
})
