import type { DeliveryReason } from '../sms/delivery-reasons.ts'

/**
 * Codes of errors that a person can meet behind a client without mistakes. The other errors are for developers, and English.
 */
export const peopleCodes = [
  'CHR_VALIDATION', 'CHR_PHONE_INVALID', 'CHR_DATE_PAST', 'CHR_REQUEST_TIMEOUT', 'CHR_UNAUTHENTICATED', 'CHR_OTP_INVALID',
  'CHR_REAUTHENTICATE', 'CHR_LINK_EXPIRED', 'CHR_QUOTA_EXCEEDED', 'CHR_NOT_FOUND', 'CHR_OTP_USED', 'CHR_PHONE_TAKEN',
  'CHR_VERSION_CONFLICT', 'CHR_PRECONDITION_FAILED', 'CHR_TOO_LARGE', 'CHR_IMAGE_TYPE', 'CHR_IMAGE_BROKEN', 'CHR_IMAGE_TOO_LARGE',
  'CHR_PHONE_NOT_ALLOWED', 'CHR_CHANNEL_NOT_ALLOWED', 'CHR_NAME_REQUIRED', 'CHR_RATE_LIMITED', 'CHR_OTP_LOCKED', 'CHR_INTERNAL',
  'CHR_UNAVAILABLE'
] as const

export type PeopleCode = typeof peopleCodes[number]

/**
 * The sentences of a language. Placeholders: `{number}` is an example of a phone number, `{formats}` the names of the accepted image
 * formats, `{wait}` a time such as `5 minutes`.
 */
export interface Sentences {
  /** By the code of the error. Each has the placeholders of `placeholdersOf`. */
  errors: Readonly<Record<PeopleCode, string>>
  /** Status of an SMS: the states in which nothing has gone wrong, and the reasons of a failure. */
  deliveries: Readonly<Record<'queued' | 'sent' | 'delivered' | DeliveryReason, string>>
}

/** The placeholders of sentences that have any. */
export const placeholdersOf: Partial<Record<PeopleCode, string>> = {
  CHR_PHONE_INVALID: 'number', CHR_IMAGE_TYPE: 'formats', CHR_RATE_LIMITED: 'wait', CHR_OTP_LOCKED: 'wait'
}
