const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** The scopes in which limits count requests, the narrowest first: client address, number without its last 4 digits, whole service. */
export const limitScopes = ['address', 'prefix', 'service'] as const
export type LimitScope = typeof limitScopes[number]

interface LimitShape {
  /** Names the limit in logs, metrics and Redis keys: it is never renamed. */
  name: string
  /** Environment variable with the maximum of a window; 0 turns the limit off. */
  setting: string
  /** Default of the setting. */
  initial: number
  description: string
  /** Length of a window, which begins with its first request. */
  windowSeconds: number
}

/** Counts each SMS, or the distinct numbers that SMS were requested for. */
interface SendLimit extends LimitShape {
  kind: 'sends' | 'phones'
  key: LimitScope
}

/** Counts each code that is tried. A guess may have no number, so it cannot be counted by one. */
interface VerifyLimit extends LimitShape {
  kind: 'verifies'
  key: Exclude<LimitScope, 'prefix'>
}

/**
 * The rate limits of the service. Settings, counters and refusals derive from the rows: a new limit is a new row. The
 * limits of a single number are not here, since the OTP store applies them together with cooldowns and lockouts.
 */
export const rateLimits = [
  {
    name: 'sends_per_address_hour',
    setting: 'LIMIT_SENDS_PER_ADDRESS_HOUR',
    key: 'address',
    kind: 'sends',
    windowSeconds: hour,
    initial: 200,
    description: 'SMS requested by one client address in an hour'
  },
  {
    name: 'phones_per_address_hour',
    setting: 'LIMIT_PHONES_PER_ADDRESS_HOUR',
    key: 'address',
    kind: 'phones',
    windowSeconds: hour,
    initial: 100,
    description: 'Distinct numbers for which one client address requested SMS in an hour'
  },
  {
    name: 'verifies_per_address_hour',
    setting: 'LIMIT_VERIFIES_PER_ADDRESS_HOUR',
    key: 'address',
    kind: 'verifies',
    windowSeconds: hour,
    initial: 400,
    description: 'Attempts of one client address to verify a code in an hour'
  },
  {
    name: 'sends_per_prefix',
    setting: 'LIMIT_SENDS_PER_PREFIX',
    key: 'prefix',
    kind: 'sends',
    windowSeconds: 10 * minute,
    initial: 10,
    description: 'SMS to numbers that differ only in their last 4 digits, in 10 minutes'
  },
  {
    name: 'sends_per_minute',
    setting: 'LIMIT_SENDS_PER_MINUTE',
    key: 'service',
    kind: 'sends',
    windowSeconds: minute,
    initial: 60,
    description: 'SMS of the whole service in a minute'
  },
  {
    name: 'sends_per_day',
    setting: 'LIMIT_SENDS_PER_DAY',
    key: 'service',
    kind: 'sends',
    windowSeconds: day,
    initial: 5000,
    description: 'SMS of the whole service in a day'
  }
] as const satisfies ReadonlyArray<SendLimit | VerifyLimit>

export type RateLimit = typeof rateLimits[number]
export type LimitName = RateLimit['name']
export type LimitSetting = RateLimit['setting']

/** A prefix leaves out this many digits at the end of a number, so it covers a block of 10,000 numbers. */
const prefixCutDigits = 4

/** Returns the prefix of a number that the limits by prefix count. */
export function toPrefix (phone: string): string {
  return phone.slice(0, -prefixCutDigits)
}

/** All requests without an address share a tenth of the maximum of one address. */
const unknownAddressDivisor = 10

/** The maximum that clients without an address share; at least 1, so that the limit does not turn into a ban. */
export function maximumWithoutAddress (maximum: number): number {
  return Math.max(1, Math.floor(maximum / unknownAddressDivisor))
}
