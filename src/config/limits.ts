import { integer } from './parsers.ts'
import type { Setting, SettingGroup, ValuesOf } from './setting.ts'
import { rateLimits, type LimitName } from '../domain/auth/limits.ts'

const limit = (name: string, initial: number, description: string) => integer(name, initial, `${description}; 0 turns it off`)

const settingsOfRates = Object.fromEntries(rateLimits.map(({ name, setting, initial, description }) => [
  name, limit(setting, initial, description)
]))

/** The maximum of each limit, by the name that it has in logs and metrics. */
export const limitSettings = {
  sends_per_phone_hour: limit('LIMIT_SENDS_PER_PHONE_HOUR', 5, 'SMS to one number in an hour, without a limit where everything is embedded'),
  sends_per_phone_day: limit('LIMIT_SENDS_PER_PHONE_DAY', 10, 'SMS to one number in a day, without a limit where everything is embedded'),
  ...settingsOfRates as Record<LimitName, Setting<number>>
}

export type LimitsConfig = ValuesOf<typeof limitSettings>

/** Names of the limits that somebody who tries the service meets first: the commands of README log in with one number. */
const limitsOfNumber = ['sends_per_phone_hour', 'sends_per_phone_day'] as const

/** Returns the limits. `isTrial` means that everything is embedded, so that an SMS costs nothing and reaches nobody. */
export function deriveLimits (
  values: LimitsConfig, isUnset: (setting: SettingGroup[string]) => boolean, isTrial: boolean
): LimitsConfig {
  const lifted = limitsOfNumber.filter((name) => isTrial && isUnset(limitSettings[name]))
  return { ...values, ...Object.fromEntries(lifted.map((name) => [name, 0])) }
}
