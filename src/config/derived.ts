import type { Config } from './index.ts'

/** Splits a comma-separated variable; an unset one is an empty list. */
export function listOf (value: string | undefined): string[] {
  return (value ?? '').split(',').map((item) => item.trim()).filter((item) => item !== '')
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

/** Host of a URL, an IPv6 address without its brackets. */
export function hostOf (url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}
