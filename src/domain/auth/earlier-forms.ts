import { getCountryCallingCode, type CountryCode } from 'libphonenumber-js/max'
import { memoize } from '../memoize.ts'
import { diallingPrefixes, unclearChanges } from './dialling-prefixes.ts'
import { toCurrentSpelling } from './earlier-spellings.ts'
import { numberingChanges } from './numbering-changes.ts'
import { getNumberingPlan } from './numbering-plan.ts'

/** A number of a country, in E.164 or in the national form of the country. */
export interface Reading {
  text: string
  country: CountryCode
}

/** The digits after a calling code, with or without a trunk prefix. */
interface National {
  country: CountryCode
  callingCode: string
  digits: string
}

const countries = [...new Set([...numberingChanges, ...diallingPrefixes, ...unclearChanges].map(({ country }) => country))]

/** The countries that something is known about, under their calling codes of today and before a change. */
const destinations: Array<Omit<National, 'digits'>> = [
  ...countries.map((country) => ({ country, callingCode: getCountryCallingCode(country) as string })),
  ...numberingChanges.filter(({ oldCallingCode, newCallingCode }) => oldCallingCode !== newCallingCode)
    .map(({ country, oldCallingCode }) => ({ country, callingCode: oldCallingCode }))
]

/** Returns the function that removes the trunk prefix and the code of a carrier from a national number, as the library does. */
const getTrunkRemover = memoize((country) => {
  const plan = getNumberingPlan(country as CountryCode)
  const prefix = plan.nationalPrefixForParsing()
  const rule = plan.nationalPrefixTransformRule()
  if (typeof prefix !== 'string') return (digits: string) => digits
  const pattern = new RegExp(`^(?:${prefix})`)
  return (digits: string) => {
    const lastGroup = pattern.exec(digits)?.slice(1).at(-1)
    return digits.replace(pattern, lastGroup !== undefined && typeof rule === 'string' ? rule : '')
  }
})

/** Returns the pattern of the digits that begin an international call from a country. */
const getInternationalPrefix = memoize((country) => new RegExp(`^(?:${getNumberingPlan(country as CountryCode).IDDPrefix()})`))

/** Lists the national numbers that a typed number may contain, for the countries that something is known about. */
function listNationals (text: string, region: string): National[] {
  const digits = text.replace(/[^+0-9]/g, '')
  const international = digits.startsWith('+') ? digits : digits.replace(getInternationalPrefix(region), '+')
  const own = destinations.filter(({ country }) => country === region && !digits.startsWith('+')).map((each) => ({ ...each, digits }))
  const prefixed = [international, `+${digits}`].flatMap((number, index) => destinations
    .filter(({ callingCode, country }) => number.startsWith(`+${callingCode}`) && (index === 0 || country === region))
    .map((each) => ({ ...each, digits: number.slice(1 + each.callingCode.length) })))
  return [...own, ...prefixed].flatMap((national) => [
    national, { ...national, digits: getTrunkRemover(national.country)(national.digits) }
  ])
}

/**
 * Lists the numbers of today that a number may mean which is no mobile number of today. `looksFixed`: it is the number of a fixed line,
 * which only some countries write for a mobile one.
 */
export function listReadings (text: string, region: string, looksFixed: boolean): Reading[] {
  return listNationals(text, region).flatMap(({ country, callingCode, digits }) => {
    const old = `+${callingCode}${digits}`
    const current = toCurrentSpelling(old)
    const canChange = numberingChanges.some((change) => change.country === country && (!looksFixed || change.looksFixed === true))
    const renumbered = current !== old && canChange ? [{ text: current, country }] : []
    if (looksFixed) return renumbered
    return [...renumbered, ...diallingPrefixes.filter((row) => row.country === country).flatMap(({ prefix }) => {
      const rest = digits.replace(new RegExp(`^(?:${prefix})`), '')
      return rest === digits ? [] : [{ text: rest, country }]
    })]
  })
}

/** Returns the sentence for a number that was valid before a change whose new spelling depends on more than the number. */
export function findUnclearChange (text: string, region: string): string | undefined {
  const nationals = listNationals(text, region)
  return unclearChanges.find(({ country, old }) => nationals.some(
    (national) => national.country === country && new RegExp(`^(?:${old})$`).test(national.digits)
  ))?.sentence
}
