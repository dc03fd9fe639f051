import parsePhoneNumber, { type CountryCode } from 'libphonenumber-js/max'
import { memoize, type Memoized } from '../memoize.ts'
import { listReadings, findUnclearChange } from './earlier-forms.ts'
import { toCurrentSpelling } from './earlier-spellings.ts'
import { findMobileCountry } from './mobile-numbers.ts'
import { readTyped } from './typed-text.ts'

/** A phone number in E.164, such as `+918123456789`: the only spelling in keys, tables and logs. */
export type E164 = string

export type PhoneParse =
  | { kind: 'valid', e164: E164, country: string }
  /** `hint` is a sentence that says which change of the numbering plan makes the number incomplete. */
  | { kind: 'malformed', hint?: string }
  /** A number that cannot receive SMS: landline, premium or satellite. */
  | { kind: 'not_textable' }

const shape = /^\(?\+?[0-9 ()./-]{4,30}$/

const textable = new Set<string>(['MOBILE', 'FIXED_LINE_OR_MOBILE'])

/**
 * Parses a number that a person typed. Text that contains more than a number is malformed. The old spelling of a line whose numbering
 * plan has changed gives the current one.
 */
export function parsePhone (text: string, defaultRegion: string): PhoneParse {
  const country = findMobileCountry(text)
  if (country !== undefined) return valid(text, country)
  const plain = readTyped(text)
  if (!shape.test(plain) || holdsAnotherNumber(plain, defaultRegion)) return { kind: 'malformed' }
  // "+44 (0) 7911" contains the trunk zero, which international calls omit.
  const international = plain.replace(/^\((\+[0-9]+)\)/, '$1').replace(/^00(?=\s*[1-9])/, '+').replace(/^(\+[0-9]{1,3}) *\(0\)/, '$1')
  const parsed = parseToday(international, defaultRegion)
  return parsed.kind === 'valid' ? parsed : parseEarlier(international, defaultRegion, parsed)
}

/** Returns whether a slash stands after a whole number: "0151 1234567/8" means two numbers. */
function holdsAnotherNumber (plain: string, defaultRegion: string): boolean {
  const parts = plain.split('/')
  return parts.some((_part, index) => index > 0 && parseToday(parts.slice(0, index).join('/'), defaultRegion).kind !== 'malformed')
}

/** Parses a number of the numbering plans of today. */
function parseToday (text: string, region: string): PhoneParse {
  const number = parsePhoneNumber(text, { defaultCountry: region as CountryCode, extract: false })
  // With the full metadata a number is valid if it has a type; calling `isValid` too would match every pattern twice.
  const type = number?.getType()
  if (number === undefined || type === undefined) return { kind: 'malformed' }
  // Satellite networks have the type MOBILE and no country.
  if (number.country === undefined || !textable.has(type)) return { kind: 'not_textable' }
  return valid(number.number, number.country)
}

/** Parses a number that is written as before a change of its plan. Digits that may mean two numbers are refused like `refusal`. */
function parseEarlier (text: string, region: string, refusal: PhoneParse): PhoneParse {
  const readings = listReadings(text, region, refusal.kind === 'not_textable')
  const numbers = new Map<E164, PhoneParse>()
  for (const { text: reading, country } of readings) {
    const parsed = parseToday(reading, country)
    if (parsed.kind === 'valid' && parsed.country === country) numbers.set(parsed.e164, parsed)
  }
  const [parsed, ...others] = numbers.values()
  if (parsed !== undefined && others.length === 0) return parsed
  const hint = refusal.kind === 'malformed' ? findUnclearChange(text, region) : undefined
  return hint === undefined ? refusal : { kind: 'malformed', hint }
}

function valid (e164: E164, country: string): PhoneParse {
  const current = toCurrentSpelling(e164)
  countryOf.prime(current, country)
  return { kind: 'valid', e164: current, country }
}

/** The country of a number (ISO 3166), or `ZZ`, the unknown region of CLDR. */
export const countryOf: Memoized<string> = memoize((phone: E164) => findMobileCountry(phone) ?? parsePhoneNumber(phone)?.country ?? 'ZZ')

/** The mask of a number for logs: its first three characters and its last three. */
export function maskPhone (phone: E164): string {
  return `${phone.slice(0, 3)}${'*'.repeat(Math.max(0, phone.length - 6))}${phone.slice(-3)}`
}
