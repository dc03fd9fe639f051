import fp from 'fastify-plugin'
import twilio from 'twilio'
import type { RequestOptions } from 'twilio/lib/base/RequestClient.js'
import { classifyStatus, type AttemptOutcome } from '../../src/domain/backoff.ts'
import type { E164 } from '../../src/domain/phone.ts'

export interface Sms {
  to: E164
  text: string
  /** After this the carrier drops it instead of delivering a dead code. */
  validitySeconds: number
}

export interface SmsSender {
  /**
   * One attempt; resolves to the carrier's id of the message.
   * @throws {SmsError}
   */
  send (sms: Sms): Promise<string>
}

declare module 'fastify' {
  interface FastifyInstance { sms: SmsSender }
}

/**
 * The carrier did not take the message. Holds status and code only: the client's own errors carry the
 * credentials, the number and the text, and so does what the carrier writes back.
 */
export class SmsError extends Error {
  override readonly name = 'SmsError'
  readonly outcome: AttemptOutcome
  readonly status: number | undefined
  readonly carrierCode: number | undefined

  constructor ({ status, carrierCode, reason }: { status?: number, carrierCode?: number, reason: string }) {
    super(`the carrier did not take the message: ${reason}`)
    this.outcome = classifyStatus(status)
    this.status = status
    this.carrierCode = carrierCode
  }
}

/** For the whole call: the client's own 30 s would hold a shutdown up, and count anew with each byte of the answer. */
const timeoutMs = 7000
/** As many as the outbox sends at once; the client's own limit is 20. */
const maximumConnections = 50
/** Twilio takes 1 to 36,000 s and advises more than 5. */
const minimumValiditySeconds = 6

/** Offers `sms`: the real twilio client, to Twilio, to TWILIO_API_BASE_URL or to the emulator. */
export default fp(async (fastify) => {
  const { config, carrier } = fastify
  const accountSid = carrier?.accountSid ?? config.TWILIO_SID
  const authToken = carrier?.authToken ?? config.TWILIO_API_KEY
  const httpClient = new CarrierHttpClient(carrier?.url ?? config.TWILIO_API_BASE_URL)
  const client = twilio(accountSid, authToken, { httpClient })
  const sender = config.TWILIO_MESSAGING_SERVICE_SID === undefined
    ? { from: carrier?.sender ?? config.TWILIO_PHONE_NUMBER }
    : { messagingServiceSid: config.TWILIO_MESSAGING_SERVICE_SID }

  fastify.decorate('sms', {
    async send ({ to, text, validitySeconds }) {
      const validityPeriod = Math.max(minimumValiditySeconds, Math.round(validitySeconds))
      try {
        const { sid } = await client.messages.create({ ...sender, to, body: text, validityPeriod })
        // Something else than the carrier may answer well-formed JSON.
        if (typeof sid !== 'string') throw new TypeError('the answer is no message')
        return sid
      } catch (error) {
        throw toSmsError(error)
      }
    }
  })
}, { name: 'sms', dependencies: ['carrier'], fastify: '5.x' })

/** twilio has no option for another server, so the address is changed on the way out. */
class CarrierHttpClient extends twilio.RequestClient {
  readonly #baseUrl: string | undefined

  constructor (baseUrl: string | undefined) {
    super({ timeout: timeoutMs, maxSockets: maximumConnections })
    this.axios.interceptors.request.use((config) => ({ ...config, signal: AbortSignal.timeout(timeoutMs) }))
    this.#baseUrl = baseUrl?.replace(/\/+$/, '')
  }

  override async request<TData> (options: RequestOptions<TData>) {
    const uri = this.#baseUrl === undefined ? options.uri : options.uri.replace(/^https:\/\/[^/]+/, this.#baseUrl)
    try {
      return await super.request<TData>({ ...options, uri })
    } finally {
      // It keeps credentials, number and text of the last call where a dump would find them.
      this.lastRequest = undefined
      this.lastResponse = undefined
    }
  }
}

function toSmsError (error: unknown): SmsError {
  const { status, code } = error as { status?: unknown, code?: unknown }
  if (typeof status === 'number') {
    const carrierCode = typeof code === 'number' ? code : undefined
    return new SmsError({ status, carrierCode, reason: `status ${status}, code ${carrierCode ?? 'none'}` })
  }
  // ECONNREFUSED, ECONNABORTED and the like; an answer that is not JSON has no code at all.
  return new SmsError({ reason: typeof code === 'string' ? code : 'no usable answer' })
}
