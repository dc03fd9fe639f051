import { integer } from './parsers.ts'
import type { Setting, ValuesOf } from './setting.ts'
import { rateLimits, type LimitName } from '../domain/auth/limits.ts'

const limit = (name: string, initial: number, description: string) => integer(name, initial, `${description}; 0 turns it off`)

const settingsOfRates = Object.fromEntries(rateLimits.map(({ name, setting, initial, description }) => [
  name, limit(setting, initial, description)
]))

/** The maximum of each limit, by the name that it has in logs and metrics. */
export const limitSettings = {
  sends_per_phone_hour: limit('LIMIT_SENDS_PER_PHONE_HOUR', 5, 'SMS to one number in an hour'),
  sends_per_phone_day: limit('LIMIT_SENDS_PER_PHONE_DAY', 10, 'SMS to one number in a day'),
  ...settingsOfRates as Record<LimitName, Setting<number>>
}

export type LimitsConfig = ValuesOf<typeof limitSettings>
