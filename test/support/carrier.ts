import type { Test } from 'tap'
import twilio, { type Twilio } from 'twilio'
import type { RequestOptions } from 'twilio/lib/base/RequestClient.js'
import { buildCarrier, type Carrier, type CarrierOptions } from '../../src/carrier/index.ts'

export async function openCarrier (t: Test, options: CarrierOptions = {}): Promise<Carrier> {
  const carrier = await buildCarrier(options)
  t.teardown(carrier.close)
  return carrier
}

/** Returns the environment that makes a service send through this carrier. */
export function credentialsOf ({ accountSid, authToken, sender, url }: Pick<Carrier, 'accountSid' | 'authToken' | 'sender' | 'url'>) {
  return { TWILIO_SID: accountSid, TWILIO_API_KEY: authToken, TWILIO_PHONE_NUMBER: sender, TWILIO_API_BASE_URL: url, SMS_COUNTRIES: '*' }
}

export const apiKey = { sid: `SK${'0a'.repeat(16)}`, secret: 'the-secret-of-the-key' }

/** The same with an API key in place of the auth token. */
export function keyCredentialsOf (carrier: Parameters<typeof credentialsOf>[0]) {
  const { TWILIO_API_KEY: _token, ...rest } = credentialsOf(carrier)
  return { ...rest, TWILIO_API_KEY_SID: apiKey.sid, TWILIO_API_KEY_SECRET: apiKey.secret }
}

/** The HTTP client of twilio with a changed address, because twilio has no option for another server. */
class RedirectedClient extends twilio.RequestClient {
  readonly #url: string

  constructor (url: string) {
    super({ timeout: 5000 })
    this.#url = url
  }

  override async request<TData> (options: RequestOptions<TData>) {
    return await super.request<TData>({ ...options, uri: options.uri.replace('https://api.twilio.com', this.#url) })
  }
}

export function clientOf ({ accountSid, authToken, apiKey, url }: Pick<Carrier, 'accountSid' | 'authToken' | 'apiKey' | 'url'>): Twilio {
  const httpClient = new RedirectedClient(url)
  return apiKey === undefined
    ? twilio(accountSid, authToken, { httpClient })
    : twilio(apiKey.sid, apiKey.secret, { httpClient, accountSid })
}

export interface CarrierRequest {
  /** Sent as a form; without it the request is a GET. */
  form?: Record<string, string>
  /** Path below the account, such as `/Messages.json`. */
  path?: string
  account?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

export interface CarrierReply { status: number, body: Record<string, unknown> }

/** Sends a request to the emulator without the twilio client. */
export async function askCarrier (carrier: Carrier, request: CarrierRequest): Promise<CarrierReply> {
  const { form, path = '/Messages.json', account = carrier.accountSid, headers, signal } = request
  const response = await fetch(`${carrier.url}/2010-04-01/Accounts/${account}${path}`, {
    method: form === undefined ? 'GET' : 'POST',
    headers: { authorization: basic(carrier.accountSid, carrier.authToken), ...headers },
    body: form === undefined ? null : new URLSearchParams(form),
    signal: signal ?? null
  })
  return { status: response.status, body: await response.json() as Record<string, unknown> }
}

export function basic (user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
