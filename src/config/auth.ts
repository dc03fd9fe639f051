import { isSupportedCountry } from 'libphonenumber-js/max'
import { integer, optional, list, optionalText, seconds, splitList, text } from './parsers.ts'
import { SettingError, type Rule, type ValuesOf } from './setting.ts'
import type { E164 } from '../domain/auth/phone.ts'
import { parseTestNumber, type TestNumber } from '../domain/auth/test-numbers.ts'

const minimumSecretLength = 32
/** 30 days: a person who comes once a week does not need a new code for each visit. */
const defaultTokenTtlSeconds = 2_592_000
/** 90 days. */
const defaultTokenMaxSeconds = 7_776_000

export const authSettings = {
  appSecrets: list(
    'APP_SECRET', 'Comma-separated list of secrets of 32 characters or more: the first signs, all verify; generated in DATA_DIR when unset',
    (secret) => secret.length < minimumSecretLength ? `: each secret needs ${minimumSecretLength} characters or more` : undefined
  ),
  phoneHashSecret: optionalText(
    'PHONE_HASH_SECRET', '32 characters or more, for keyed hashes of phone numbers, never rotated; generated in DATA_DIR when unset',
    (secret) => secret.length < minimumSecretLength ? ` needs ${minimumSecretLength} characters or more` : undefined
  ),
  defaultRegion: text('DEFAULT_REGION', 'IN', 'Country of phone numbers in national form', countryProblem),
  otpLength: integer('OTP_LENGTH', 6, 'Number of digits of a code', { minimum: 4, maximum: 10 }),
  otpTtlSeconds: seconds('OTP_TTL_SECONDS', 300, 'Life of a code', 1, 600),
  otpResendSeconds: seconds(
    'OTP_RESEND_SECONDS', 30,
    'First cooldown between two SMS to one number; later ones are 2, 4 and 10 times as long, an hour at most', 1, 600
  ),
  testNumbers: optional(
    'OTP_TEST_NUMBERS',
    'Comma-separated entries `number:code:last day`, such as `+918123456789:123456:2026-12-31`: fixed codes without an SMS',
    parseTestNumbers
  ),
  tokenTtlSeconds: seconds('TOKEN_TTL_SECONDS', defaultTokenTtlSeconds, 'Life of a token after its last use'),
  tokenMaxSeconds: seconds(
    'TOKEN_MAX_SECONDS', defaultTokenMaxSeconds,
    'Longest life of a token that is in use, counted from login; at least TOKEN_TTL_SECONDS, unless that is not set'
  )
}

type AuthValues = ValuesOf<typeof authSettings>

export interface AuthConfig extends AuthValues {
  testNumbers: ReadonlyMap<E164, TestNumber>
}

export function deriveAuth ({ testNumbers = new Map<E164, TestNumber>(), ...values }: AuthValues): AuthConfig {
  return { ...values, testNumbers }
}

export const authRules: Array<Rule<AuthValues>> = [
  {
    settings: [authSettings.tokenTtlSeconds, authSettings.tokenMaxSeconds],
    // The default life is not the choice of an operator who shortens the longest life, and no token outlives the latter.
    check: ({ tokenTtlSeconds: life, tokenMaxSeconds: longest }) => longest < life && life !== defaultTokenTtlSeconds
      ? [`TOKEN_MAX_SECONDS is ${longest}, which is less than TOKEN_TTL_SECONDS (${life}): a token would end before its life is over`]
      : []
  }
]

export function countryProblem (code: string): string | undefined {
  return isSupportedCountry(code) ? undefined : `: ${code} is not a country code`
}

function parseTestNumbers (text: string): ReadonlyMap<E164, TestNumber> {
  const problems: string[] = []
  const numbers = new Map<E164, TestNumber>()
  for (const entry of splitList(text)) {
    try {
      const [phone, number] = parseTestNumber(entry)
      if (numbers.has(phone)) problems.push(`OTP_TEST_NUMBERS: ${phone} is listed twice`)
      numbers.set(phone, number)
    } catch (error) {
      problems.push(`OTP_TEST_NUMBERS: ${(error as Error).message}`)
    }
  }
  if (problems.length > 0) throw new SettingError(problems)
  return numbers
}
