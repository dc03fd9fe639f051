import type { ProvidersConfig } from './sms-providers.ts'
import type { SmsTexts } from './sms-texts.ts'
import type { SmsValues } from './sms.ts'
import type { Channel } from '../domain/sms/delivery.ts'

export interface SmsConfig extends Pick<SmsValues, 'concurrency' | 'delivers' | 'hasInbox'>, ProvidersConfig {
  /** SMS go to the carrier emulator, because a selected provider has no credentials. */
  usesEmulator: boolean
  /** ISO codes of countries that SMS are sent to; `undefined` for all. */
  countries: ReadonlySet<string> | undefined
  /** Channels that at least one selected provider supports. */
  channels: readonly Channel[]
  texts: SmsTexts
}

interface Parts extends ProvidersConfig {
  values: SmsValues
  texts: SmsTexts
  defaultRegion: string
}

export function deriveSms ({ values, texts, defaultRegion, providers, knownProviders }: Parts): SmsConfig {
  const { concurrency, delivers, hasInbox, countries } = values
  const usesEmulator = providers.some(({ definition, settings }) => definition.usesEmulator?.(settings))
  const listed = countries ?? (usesEmulator ? '*' : new Set([defaultRegion]))
  return {
    concurrency,
    delivers,
    hasInbox,
    providers,
    knownProviders,
    usesEmulator,
    countries: listed === '*' ? undefined : listed,
    channels: [...new Set(providers.flatMap(({ definition, settings }) => definition.channels(settings)))],
    texts
  }
}
