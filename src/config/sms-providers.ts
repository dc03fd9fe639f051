import type { TProperties } from '@sinclair/typebox'
import { providers } from '../../plugins/sms/providers/registry.ts'
import type { SmsProviderDefinition } from '../../plugins/sms/providers/definition.ts'
import { memoize } from '../domain/memoize.ts'
import type { Channel } from '../domain/sms/channels.ts'
import { isLoopback, listOf } from './derived.ts'
import type { Config } from './index.ts'

type Intersection<Union> = (Union extends unknown ? (item: Union) => void : never) extends (item: infer Item) => void ? Item : never
type Fields = Intersection<typeof providers[number]['fields']>

/** The definitions of all providers, whether or not SMS_PROVIDERS names them. */
export const smsProviders: readonly SmsProviderDefinition[] = providers
const names = smsProviders.map(({ name }) => name)

/** The environment variables of all providers. */
export const providerFields: Fields = Object.assign({}, ...smsProviders.map(({ fields }): TProperties => fields))

/** The names of all providers for a sentence: "`a` and `b`". */
export const providerNames = new Intl.ListFormat('en').format(names.map((name) => `\`${name}\``))

/** The providers that SMS_PROVIDERS names, in that order. */
export function smsProvidersOf (config: Config): SmsProviderDefinition[] {
  return listOf(config.SMS_PROVIDERS).flatMap((name) => smsProviders.filter((definition) => definition.name === name))
}

/** SMS go to the carrier emulator, because a selected provider has no credentials. */
export function usesCarrierEmulator (config: Config): boolean {
  return smsProvidersOf(config).some((definition) => definition.usesEmulator?.(config))
}

/** Ways by which codes can be sent. */
export function channelsOf (config: Config): Channel[] {
  return [...new Set(smsProvidersOf(config).flatMap((definition) => definition.channels(config)))]
}

/** Countries that SMS are sent to, or `undefined` for all. */
export function smsCountriesOf (config: Config): ReadonlySet<string> | undefined {
  const listed = config.SMS_COUNTRIES ?? (usesCarrierEmulator(config) ? '*' : config.DEFAULT_REGION)
  return listed === '*' ? undefined : setOf(listed)
}

/** Each request asks for the same one. */
const setOf = memoize((listed) => new Set(listOf(listed)))

/** Problems with SMS_PROVIDERS and with the settings of the providers. */
export function providerProblems (config: Config, role: 'service' | 'worker'): string[] {
  const selected = listOf(config.SMS_PROVIDERS)
  const isProduction = config.NODE_ENV === 'production'
  const isExposed = !isProduction && config.DEV_INBOX !== 'on' && !isLoopback(config.HOST)
  const context = { role, isProduction, isQueueOnly: config.SMS_DELIVERY === 'off', exposedHost: isExposed ? config.HOST : undefined }
  return [
    ...smsProviders.flatMap((definition) => definition.validate(config, { ...context, isSelected: selected.includes(definition.name) })),
    ...selected.filter((name) => !names.includes(name)).map((name) => `SMS_PROVIDERS: ${name} is none of ${names.join(', ')}`),
    ...(new Set(selected).size === selected.length ? [] : ['SMS_PROVIDERS names a provider twice'])
  ]
}
