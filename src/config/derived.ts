import type { AddressInfo } from 'node:net'
import type { Config } from './index.ts'
import { cached } from '../domain/memoize.ts'
import type { Channel } from '../domain/sms/channels.ts'

/** The providers that SMS_PROVIDERS may name. */
export const smsProviderNames = ['twilio', 'webhook'] as const

export type SmsProviderName = typeof smsProviderNames[number]

/** Splits a comma-separated variable; an unset one is an empty list. */
export function listOf (value: string | undefined): string[] {
  return (value ?? '').split(',').map((item) => item.trim()).filter((item) => item !== '')
}

/** The roads that SMS take, in their order. */
export function smsProvidersOf (config: Config): SmsProviderName[] {
  return listOf(config.SMS_PROVIDERS) as SmsProviderName[]
}

/** Twilio is a provider and has no credentials: SMS go to the carrier emulator. */
export function usesCarrierEmulator (config: Config): boolean {
  return smsProvidersOf(config).includes('twilio') && config.TWILIO_SID === undefined
}

/** How codes go by WhatsApp, or `undefined` where they do not. */
export function whatsAppOf (config: Config): { from: string, contentSid: string } | undefined {
  const { TWILIO_WHATSAPP_FROM: from, TWILIO_WHATSAPP_CONTENT_SID: contentSid } = config
  if (from === undefined || contentSid === undefined || !smsProvidersOf(config).includes('twilio')) return undefined
  return { from, contentSid }
}

/** What codes may be asked for by. */
export function channelsOf (config: Config): Channel[] {
  return whatsAppOf(config) === undefined ? ['sms'] : ['sms', 'whatsapp']
}

/** Whether the start brings the schema up to date. */
export function migratesOnStart (config: Config): boolean {
  return config.MIGRATE_ON_START === undefined ? config.DATABASE_URL === undefined : ['on', 'true'].includes(config.MIGRATE_ON_START)
}

/** Only this machine can reach the address it listens on. */
export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Base of the URLs that the service hands out, without a slash at its end. */
export function publicUrlOf (config: Config): string {
  if (config.PUBLIC_URL !== undefined) return config.PUBLIC_URL.replace(/\/+$/, '')
  const host = ['0.0.0.0', '::'].includes(config.HOST) ? 'localhost' : config.HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${config.PORT}`
}

/**
 * Where a carrier reaches this service with receipts: PUBLIC_URL; without it only a carrier that is near, at the address
 * that the service listens on.
 */
export function findPublicUrl (config: Config, listening: ReadonlyArray<AddressInfo | string>): string | undefined {
  if (config.PUBLIC_URL !== undefined) return publicUrlOf(config)
  const [address] = listening
  const isNear = usesCarrierEmulator(config) || config.TWILIO_API_BASE_URL !== undefined
  return isNear && typeof address === 'object' ? publicUrlOf({ ...config, PORT: address.port }) : undefined
}

/** Host of a URL, an IPv6 address without its brackets. */
export function hostOf (url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/** Countries that SMS go to, or `undefined` for all. */
export function smsCountriesOf (config: Config): ReadonlySet<string> | undefined {
  const listed = config.SMS_COUNTRIES ?? (usesCarrierEmulator(config) ? '*' : config.DEFAULT_REGION)
  return listed === '*' ? undefined : setOf(listed)
}

/** Each request asks for the same one. */
const setOf = cached((listed) => new Set(listOf(listed)))
