import { getCountries, getCountryCallingCode, type CountryCode } from 'libphonenumber-js/max'
import { memoize } from '../memoize.ts'
import { getNumberingPlan } from './numbering-plan.ts'

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

/** The mobile numbers of a calling code; `undefined` if several countries share the code. */
const findMobileNumbers = memoize((callingCode): MobileNumbers | undefined => {
  const [country, ...others] = countries.get(callingCode) ?? []
  if (country === undefined || others.length > 0) return undefined
  const plan = getNumberingPlan(country)
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
 * The country of an E.164 number that is clearly a mobile number there; `undefined` if only the library can decide. The library
 * compiles its regular expressions, of a thousand characters each, for every number, which took a sixth of a sign-up. `npm run
 * bench` shows the gain as the rate of sign-ups.
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
