import parsePhoneNumber, { type CountryCode } from 'libphonenumber-js/max'
import { memoize, type Memoized } from '../memoize.ts'
import { findMobileCountry } from './mobile-numbers.ts'

/** A phone number in E.164, such as `+918123456789`: the only spelling that keys, tables and logs know. */
export type E164 = string

export type PhoneParse =
  | { kind: 'valid', e164: E164, country: string }
  | { kind: 'malformed' }
  /** A number, but none that can receive an SMS: landline, premium, satellite. */
  | { kind: 'not_textable' }

/** Marks that contact cards paste around a number. */
const directionMarks = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const shape = /^\(?\+?[0-9 ().-]{4,30}$/

const textable = new Set<string>(['MOBILE', 'FIXED_LINE_OR_MOBILE'])

/** Reads what a person typed. Text that merely contains a number is malformed. */
export function parsePhone (text: string, defaultRegion: string): PhoneParse {
  const country = findMobileCountry(text)
  if (country !== undefined) return valid(text, country)
  // NFKC turns full-width digits and no-break spaces into plain ones; \p{Pd} is every dash.
  const plain = text.normalize('NFKC').replace(directionMarks, '').replace(/\p{Pd}/gu, '-').replace(/\p{Zs}/gu, ' ').trim()
  if (!shape.test(plain)) return { kind: 'malformed' }
  // "+44 (0) 7911" shows the trunk zero that is left out from abroad.
  const international = plain.replace(/^\((\+[0-9]+)\)/, '$1').replace(/^00(?=\s*[1-9])/, '+').replace(/^(\+[0-9]{1,3}) *\(0\)/, '$1')
  const number = parsePhoneNumber(international, { defaultCountry: defaultRegion as CountryCode, extract: false })
  // With all metadata the valid numbers are those of a type; asking for both would match every pattern twice.
  const type = number?.getType()
  if (number === undefined || type === undefined) return { kind: 'malformed' }
  // Satellite networks have type MOBILE, but belong to no country.
  if (number.country === undefined || !textable.has(type)) return { kind: 'not_textable' }
  return valid(number.number, number.country)
}

function valid (e164: E164, country: string): PhoneParse {
  countryOf.prime(e164, country)
  return { kind: 'valid', e164, country }
}

/** ISO 3166; `ZZ`, the unknown one of CLDR, for what belongs to none. */
export const countryOf: Memoized<string> = memoize((phone: E164) => findMobileCountry(phone) ?? parsePhoneNumber(phone)?.country ?? 'ZZ')

/** For logs: the calling code's start and the last three digits. */
export function maskPhone (phone: E164): string {
  return `${phone.slice(0, 3)}${'*'.repeat(Math.max(0, phone.length - 6))}${phone.slice(-3)}`
}
