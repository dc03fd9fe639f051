import examples from 'libphonenumber-js/mobile/examples'
import { getCountries, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/max'
import t from 'tap'
import { toCurrentSpelling } from '../../../../src/domain/auth/earlier-spellings.ts'
import { findMobileCountry } from '../../../../src/domain/auth/mobile-numbers.ts'
import { parsePhone } from '../../../../src/domain/auth/phone.ts'

/** Returns the same number in a spelling that only the library parses. */
const spelled = (e164: string) => `${e164.slice(0, -1)}-${e164.slice(-1)}`
const digits = (count: number) => Array.from({ length: count }, () => Math.floor(Math.random() * 10)).join('')

t.test('each number that it finds to be mobile has the same country and spelling in the library', async (t) => {
  let foundCount = 0
  const wrong: string[] = []
  for (const country of getCountries()) {
    const code = getCountryCallingCode(country)
    const example = getExampleNumber(country, examples)?.nationalNumber ?? ''
    const numbers = Array.from({ length: 400 }, (_none, index) => {
      const kept = example.slice(0, index % (example.length + 1))
      return `+${code}${kept}${digits(Math.max(0, example.length - kept.length + (index % 7 === 0 ? 1 : 0) - (index % 11 === 0 ? 1 : 0)))}`
    })
    for (const number of [`+${code}${example}`, ...numbers]) {
      const found = findMobileCountry(number)
      if (found === undefined) continue
      foundCount += 1
      const read = parsePhone(spelled(number), 'IN')
      const isSame = read.kind === 'valid' && read.e164 === toCurrentSpelling(number) && read.country === found
      if (!isSame) wrong.push(`${number} ${found} ${JSON.stringify(read)}`)
    }
  }
  t.same(wrong, [])
  t.ok(foundCount > 10_000, `${foundCount} numbers`)
})

t.test('it finds the example numbers of nearly every country that does not share its calling code', async (t) => {
  const codes = Map.groupBy(getCountries(), (country) => getCountryCallingCode(country))
  const alone = [...codes.values()].filter(({ length }) => length === 1).flat()
  const missed = alone.filter((country) => findMobileCountry(getExampleNumber(country, examples)?.number ?? '') !== country)
  t.ok(missed.length < alone.length / 10, `all but ${missed.join()} of ${alone.length}`)
  t.equal(findMobileCountry('+918123456789'), 'IN')
})

t.test('all other numbers are left to the library', async (t) => {
  const numbers = [
    // A calling code of several countries, a landline, too short, too long, a network of no country, other spellings
    '+447911123456', '+14155550123', '+911123456789', '+91812345678', '+9181234567890', '+881612345678',
    '918123456789', '+91 8123456789', '+0918123456789', '+918123456789\n', ''
  ]
  for (const number of numbers) t.equal(findMobileCountry(number), undefined, JSON.stringify(number))
})
