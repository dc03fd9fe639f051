import { Type, type SchemaOptions, type TSchema } from '@sinclair/typebox'
import { codeDigits, maximumTypedLength } from '../domain/auth/typed-text.ts'
import { catalogue } from '../http/errors.ts'
import { requestedChannels } from '../domain/sms/delivery.ts'

/** Options of an object schema that refuses unknown fields. */
export const closed = { additionalProperties: false }

/** Schema of a value that may be null. */
export const nullable = <Value extends TSchema>(value: Value, options: SchemaOptions = {}) => Type.Union([value, Type.Null()], options)

/** Schema of one of several words: a single enum, of which every client generator makes a union of literals. */
export const oneOf = <const Word extends string>(words: readonly Word[], options: SchemaOptions = {}) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], ...options })

/** Schema of a moment, RFC 3339 in UTC. */
export const Moment = (description: string, example = '2026-11-21T09:30:00.000Z') =>
  Type.String({ format: 'date-time', description: `RFC 3339, UTC; ${description}`, examples: [example] })

export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339, UTC', examples: ['2026-11-21T09:30:00.000Z'] })

/** Schema of a calendar date. */
export const CalendarDate = (description: string, example = '2026-11-21') =>
  Type.String({ format: 'date', description: `YYYY-MM-DD; ${description}`, examples: [example] })

/** Schema of an id that the database assigns. */
export const Id = (description: string, example = 42) => Type.Integer({ description, examples: [example] })

/** Text for the reader of `typed-text.ts`; the schema bounds the length of what is typed. */
export const PhoneNumber = Type.String({
  minLength: 1,
  maxLength: maximumTypedLength,
  // Control characters stand only at the edges, where a paste leaves line breaks and tabs.
  pattern: '^[\\s\\p{Cf}]*[^\\p{Cc}]*[\\s\\p{Cf}]*$',
  description:
    'International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round ' +
    'and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed.',
  examples: ['+918123456789']
})

/** Text for the reader of `typed-text.ts`; the schema bounds the length of what is typed. */
export const Otp = Type.String({
  minLength: codeDigits.minimum,
  maxLength: maximumTypedLength,
  description:
    `The ${codeDigits.minimum} to ${codeDigits.maximum} digits of the SMS, in any script. Spaces, dashes, dots, slashes, brackets and ` +
    'invisible characters between and around them are ignored; any other character is refused.',
  examples: ['123456']
})

export const TimeZone = Type.String({ minLength: 1, maxLength: 64, description: 'IANA time zone name', examples: ['Asia/Kolkata'] })

export const DeviceToken = Type.String({
  pattern: '^[A-Z2-7]{26}$',
  description: 'From the last login of this client. Gives it its own small allowance of sends and attempts; it does not replace a code.'
})

/** RFC 5646 §4.4.1 has no sensible tag above 35 characters. */
export const Locale = Type.String({
  minLength: 2,
  maxLength: 35,
  format: 'language-tag',
  description: 'Language of the SMS as a BCP 47 tag. Without it, or without a text in that language, `Accept-Language` decides.',
  examples: ['pt-BR']
})

export const Channel = oneOf(requestedChannels, {
  description: 'Channel of the code, `sms` by default. If WhatsApp does not deliver it, the code follows by SMS after `whatsapp`, and does ' +
    'not after `whatsapp_only`. 422 `CHR_CHANNEL_NOT_ALLOWED` if the service does not offer the channel.'
})

/** The schema only bounds the length; `checkAppHash` compares the hash with those of the service. */
export const AppHash = Type.String({
  maxLength: 64,
  description: 'Hash of the Android app that reads the SMS, one of those that the operator has configured; 400 `CHR_VALIDATION` for another',
  examples: ['FA+9qCX9VSu']
})

/** The schema only bounds the length; `parseNameField` trims the name and checks its characters. */
export const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  description:
    '1 to 100 visible characters after trimming. Control and direction marks are refused, and joiners outside words and emoji.',
  examples: ['Asha']
})

/** Body of every error response. Clients switch on `code`. */
export const Failure = Type.Object({
  error: Type.String({ description: 'A sentence for people', examples: ['The request does not have the expected shape.'] }),
  code: Type.String({
    enum: Object.keys(catalogue), description: 'Programs switch on it; later versions may add codes', examples: ['CHR_VALIDATION']
  }),
  request_id: Type.String({ description: 'Also in the log of the service', examples: ['Ju3x-1a'] }),
  details: Type.Optional(Type.Array(Type.Object({
    path: Type.String({ examples: ['phone_number'] }), message: Type.String({ examples: ['field "phone_number" is required'] })
  }), { description: 'Fields, headers or dependencies with a problem' })),
  retry_after: Type.Optional(Type.Integer({ description: 'Seconds until a repeat can succeed, as in `Retry-After`; with 429 and 503', examples: [57] })),
  limit: Type.Optional(Type.String({ description: 'Name of the limit that is exceeded; with 429 `CHR_RATE_LIMITED`', examples: ['sends_per_phone_hour'] }))
}, {
  title: 'Failure',
  description: 'The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds.'
})

/** Most items of a page, for a query string; `description` says what is counted. */
export const PageLimit = (description: string) => Type.Integer({ default: 100, minimum: 1, maximum: 500, description })

/** Position of the next page, for a query string. */
export const Cursor = Type.Optional(Type.String({
  minLength: 1, maxLength: 200, description: '`next_cursor` of the previous page; repeat the other parameters of that page unchanged'
}))

/** Position of the next page, in a reply. */
export const NextCursor = nullable(Type.String(), { description: 'Cursor of the next page; null on the last page', examples: [null] })
