import parsePhoneNumber, { type CountryCode } from 'libphonenumber-js/max'
import { memoize, type Memoized } from '../memoize.ts'
import { findMobileCountry } from './mobile-numbers.ts'

/** A phone number in E.164, such as `+918123456789`: the only spelling in keys, tables and logs. */
export type E164 = string

export type PhoneParse =
  | { kind: 'valid', e164: E164, country: string }
  | { kind: 'malformed' }
  /** A number that cannot receive SMS: landline, premium or satellite. */
  | { kind: 'not_textable' }

/** Direction marks that contact cards add around a number. */
const directionMarks = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const shape = /^\(?\+?[0-9 ().-]{4,30}$/

const textable = new Set<string>(['MOBILE', 'FIXED_LINE_OR_MOBILE'])

/** Parses a number that a person typed. Text that contains more than a number is malformed. */
export function parsePhone (text: string, defaultRegion: string): PhoneParse {
  const country = findMobileCountry(text)
  if (country !== undefined) return valid(text, country)
  // NFKC turns full-width digits and no-break spaces into plain ones; \p{Pd} is every dash.
  const plain = text.normalize('NFKC').replace(directionMarks, '').replace(/\p{Pd}/gu, '-').replace(/\p{Zs}/gu, ' ').trim()
  if (!shape.test(plain)) return { kind: 'malformed' }
  // "+44 (0) 7911" contains the trunk zero, which international calls omit.
  const international = plain.replace(/^\((\+[0-9]+)\)/, '$1').replace(/^00(?=\s*[1-9])/, '+').replace(/^(\+[0-9]{1,3}) *\(0\)/, '$1')
  const number = parsePhoneNumber(international, { defaultCountry: defaultRegion as CountryCode, extract: false })
  // With the full metadata a number is valid if it has a type; calling `isValid` too would match every pattern twice.
  const type = number?.getType()
  if (number === undefined || type === undefined) return { kind: 'malformed' }
  // Satellite networks have the type MOBILE and no country.
  if (number.country === undefined || !textable.has(type)) return { kind: 'not_textable' }
  return valid(number.number, number.country)
}

function valid (e164: E164, country: string): PhoneParse {
  countryOf.prime(e164, country)
  return { kind: 'valid', e164, country }
}

/** The country of a number (ISO 3166), or `ZZ`, the unknown region of CLDR. */
export const countryOf: Memoized<string> = memoize((phone: E164) => findMobileCountry(phone) ?? parsePhoneNumber(phone)?.country ?? 'ZZ')

/** The mask of a number for logs: its first three characters and its last three. */
export function maskPhone (phone: E164): string {
  return `${phone.slice(0, 3)}${'*'.repeat(Math.max(0, phone.length - 6))}${phone.slice(-3)}`
}
