import { getCountries, getCountryCallingCode, Metadata, type CountryCode } from 'libphonenumber-js/max'
import { memoize } from '../memoize.ts'

/** What the library knows of a country's numbers, and its types leave out: the sources of regular expressions. */
interface NumberingPlan {
  nationalNumberPattern (): string
  /** What may stand before a national number and is no part of it, if anything may. */
  nationalPrefixForParsing (): string | 0 | undefined
  type (name: 'MOBILE'): { pattern (): string, possibleLengths (): number[] }
}

interface MobileNumbers {
  country: CountryCode
  national: RegExp
  mobile: RegExp
  lengths: number[]
  prefix: RegExp | undefined
}

const plain = /^\+[1-9][0-9]{6,14}$/
const callingCodeLengths = [1, 2, 3]

const countries = Map.groupBy(getCountries(), (country) => getCountryCallingCode(country))

/** By calling code; none where several countries share it. */
const findMobileNumbers = memoize((callingCode): MobileNumbers | undefined => {
  const [country, ...others] = countries.get(callingCode) ?? []
  if (country === undefined || others.length > 0) return undefined
  const metadata = new Metadata()
  metadata.selectNumberingPlan(country)
  const plan = metadata.numberingPlan as unknown as NumberingPlan
  const mobile = plan.type('MOBILE')
  const prefix = plan.nationalPrefixForParsing()
  return {
    country,
    national: new RegExp(`^(?:${plan.nationalNumberPattern()})$`),
    mobile: new RegExp(`^(?:${mobile.pattern()})$`),
    lengths: mobile.possibleLengths(),
    prefix: typeof prefix === 'string' ? new RegExp(`^(?:${prefix})`) : undefined
  }
})

/**
 * The country of what is already E.164 and plainly a mobile number there; nothing where only the library can tell. It
 * makes its regular expressions, a thousand characters each, anew for each number, which took a sixth of a sign-up.
 */
export function findMobileCountry (text: string): CountryCode | undefined {
  if (!plain.test(text)) return undefined
  for (const length of callingCodeLengths) {
    const numbers = findMobileNumbers(text.slice(1, 1 + length))
    if (numbers !== undefined) return isAmong(numbers, text.slice(1 + length)) ? numbers.country : undefined
  }
  return undefined
}

function isAmong ({ national, mobile, lengths, prefix }: MobileNumbers, number: string): boolean {
  return lengths.includes(number.length) && prefix?.test(number) !== true && national.test(number) && mobile.test(number)
}
