import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { HttpConfig } from '../../../../src/config/http.ts'
import { localUrl } from '../../../../src/http/hosts.ts'
import type { TwilioSettings } from './settings.ts'

/** Twilio posts the status of each message here. */
export const statusCallbackPath = '/webhooks/twilio/status'

/**
 * Asks Twilio to retry up to three times after a failed connection or a 5xx. Twilio neither sends nor signs this fragment.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
const retries = '#rc=3&rp=ct,rt,5xx'

/** `publicUrl` has no slash at its end. */
export function statusCallbackUrl (publicUrl: string, deliveryId: string): string {
  return `${publicUrl}${statusCallbackPath}?delivery=${deliveryId}${retries}`
}

export interface CallbackBaseOptions {
  http: HttpConfig
  settings: TwilioSettings
  /** Whether the emulator takes the messages. */
  isEmulated: boolean
  /** Addresses that the service listens on. */
  addresses: ReadonlyArray<AddressInfo | string>
}

/**
 * Returns the URL at which Twilio reaches this service, without a slash at its end: PUBLIC_URL. Without PUBLIC_URL only the
 * emulator or TWILIO_API_BASE_URL can reach the service, at the address that it listens on; otherwise it returns `undefined`.
 */
export function findCallbackBase ({ http, settings, isEmulated, addresses }: CallbackBaseOptions): string | undefined {
  if (http.publicUrl !== undefined) return http.publicUrl
  const [address] = addresses
  const isNear = isEmulated || settings.apiBaseUrl !== undefined
  return isNear && typeof address === 'object' ? localUrl(http.host, address.port) : undefined
}

/** `findCallbackBase` for a running service. */
export function findCallbackBaseOf (fastify: FastifyInstance, settings: TwilioSettings): string | undefined {
  return findCallbackBase({ http: fastify.config.http, settings, isEmulated: fastify.carrier !== null, addresses: fastify.addresses() })
}
