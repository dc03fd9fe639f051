import type { Config } from '../config/index.ts'
import { normalizeText, textFields, type TextFieldName } from '../domain/creatives/text-fields.ts'
import { parseName } from '../domain/auth/display-text.ts'
import { parsePhone, type E164 } from '../domain/auth/phone.ts'
import { codeDigits, parseCode } from '../domain/auth/typed-text.ts'
import { toChannel, type RequestedChannel } from '../domain/sms/delivery.ts'
import { ApiError } from './errors.ts'

/**
 * Parses a phone number that a person typed. SMS_COUNTRIES does not apply to numbers for which `isExempt` returns true, since they
 * get no SMS.
 * @throws {ApiError} CHR_PHONE_INVALID, CHR_PHONE_NOT_ALLOWED
 */
export function parsePhoneNumber (text: string, config: Config, isExempt: (phone: E164) => boolean = () => false): E164 {
  const phone = parsePhone(text, config.auth.defaultRegion)
  if (phone.kind === 'malformed') throw new ApiError('CHR_PHONE_INVALID', { message: phone.hint })
  if (phone.kind === 'not_textable') {
    throw new ApiError('CHR_PHONE_NOT_ALLOWED', { message: 'This number cannot receive SMS. Use a mobile number.' })
  }
  if (config.sms.countries?.has(phone.country) === false && !isExempt(phone.e164)) {
    throw new ApiError('CHR_PHONE_NOT_ALLOWED', { message: `No SMS are sent to this country (${phone.country}).` })
  }
  return phone.e164
}

/**
 * Parses a code that a person typed, and returns its digits.
 * @throws {ApiError} CHR_VALIDATION
 */
export function parseCodeField (text: string): string {
  const code = parseCode(text)
  if (code !== undefined) return code
  throw fieldError(
    'otp', `needs ${codeDigits.minimum} to ${codeDigits.maximum} digits and no letters. Send the digits of the SMS; separators may stay`
  )
}

/**
 * Checks that the requested channel for a code is configured.
 * @throws {ApiError} CHR_CHANNEL_NOT_ALLOWED
 */
export function parseChannel (channel: RequestedChannel | undefined, config: Config): RequestedChannel | undefined {
  if (channel === undefined || config.sms.channels.includes(toChannel(channel))) return channel
  throw new ApiError('CHR_CHANNEL_NOT_ALLOWED')
}

/**
 * Checks that an app hash is one of OTP_ANDROID_APP_HASH, because a client must not put text of its own into an SMS.
 * @throws {ApiError} CHR_VALIDATION
 */
export function checkAppHash (appHash: string | undefined, config: Config): void {
  if (appHash === undefined || config.sms.texts.appHashes.includes(appHash)) return
  throw fieldError('app_hash', 'is not the hash of an app of this service: correct it, or omit it')
}

/**
 * Parses a display name.
 * @throws {ApiError} CHR_VALIDATION
 */
export function parseNameField (text: string): string {
  const name = parseName(text)
  if (name !== undefined) return name
  throw fieldError(
    'name', 'needs 1 to 100 visible characters, without control, direction or zero-width marks; joiners may stand in words and emoji'
  )
}

/** Creates a CHR_VALIDATION about one field; `problem` completes a sentence that begins with its name. */
export function fieldError (name: string, problem: string): ApiError {
  const message = `field "${name}" ${problem}`
  return new ApiError('CHR_VALIDATION', { message, details: [{ path: name, message }] })
}

/**
 * Parses a text field of a creative; a blank text is `null`.
 * @throws {ApiError} CHR_VALIDATION
 */
export function parseTextField (name: TextFieldName, text: string): string | null {
  const normalized = normalizeText(name, text)
  if (normalized !== undefined) return normalized
  const { maximumLength, isMultiline } = textFields[name]
  const refused = isMultiline ? 'control characters other than line breaks' : 'control characters, line breaks'
  throw fieldError(name, `may have up to ${maximumLength} characters, without ${refused} and bidirectional marks that are not closed`)
}
