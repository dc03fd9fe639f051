import type { Config } from '../config/index.ts'
import { channelsOf, smsCountriesOf } from '../config/sms-providers.ts'
import { maximumCaptionLength, parseCaption, type CaptionField } from '../domain/creatives/caption.ts'
import { parseName } from '../domain/auth/name.ts'
import { parsePhone, type E164 } from '../domain/auth/phone.ts'
import type { Channel } from '../domain/sms/channels.ts'
import { ApiError } from './errors.ts'

/**
 * Reads a number that a person typed. `isExempt` names numbers that get no SMS, whose country does not matter.
 * @throws {ApiError} CHR_PHONE_INVALID, CHR_PHONE_NOT_ALLOWED
 */
export function phoneOf (text: string, config: Config, isExempt: (phone: E164) => boolean = () => false): E164 {
  const phone = parsePhone(text, config.DEFAULT_REGION)
  if (phone.kind === 'malformed') throw new ApiError('CHR_PHONE_INVALID')
  if (phone.kind === 'not_textable') {
    throw new ApiError('CHR_PHONE_NOT_ALLOWED', { message: 'This number cannot receive SMS. Use a mobile number.' })
  }
  if (smsCountriesOf(config)?.has(phone.country) === false && !isExempt(phone.e164)) {
    throw new ApiError('CHR_PHONE_NOT_ALLOWED', { message: `No SMS are sent to this country (${phone.country}).` })
  }
  return phone.e164
}

/**
 * Reads what a code is to travel by, if that was said.
 * @throws {ApiError} CHR_CHANNEL_NOT_ALLOWED
 */
export function channelOf (channel: Channel | undefined, config: Config): Channel | undefined {
  if (channel === undefined || channelsOf(config).includes(channel)) return channel
  throw new ApiError('CHR_CHANNEL_NOT_ALLOWED')
}

/**
 * Reads a name that others will see.
 * @throws {ApiError} CHR_VALIDATION
 */
export function nameOf (text: string): string {
  const name = parseName(text)
  if (name !== undefined) return name
  const message = 'field "name" needs 1 to 100 visible characters, without control, direction or zero-width marks'
  throw new ApiError('CHR_VALIDATION', { message, details: [{ path: 'name', message }] })
}

/** What one field has that it must not have, in a sentence that begins with its name. */
export function fieldError (name: string, problem: string): ApiError {
  const message = `field "${name}" ${problem}`
  return new ApiError('CHR_VALIDATION', { message, details: [{ path: name, message }] })
}

/**
 * Reads a title or an alternative text; `null` for a blank one.
 * @throws {ApiError} CHR_VALIDATION
 */
export function captionOf (field: CaptionField, text: string): string | null {
  const caption = parseCaption(field, text)
  if (caption !== undefined) return caption
  const message = `field "${field}" takes up to ${maximumCaptionLength[field]} characters, without control characters, line breaks and marks that turn the direction`
  throw new ApiError('CHR_VALIDATION', { message, details: [{ path: field, message }] })
}
