import type { DeliveryReason } from './delivery-reasons.ts'
import type { SmsFailure } from './failures.ts'

export interface SmsErrorOptions {
  failure: SmsFailure
  /** Status and code only: replies of carriers repeat the phone number. */
  detail: string
  reason?: DeliveryReason | undefined
  provider?: string | undefined
  status?: number | undefined
  carrierCode?: number | undefined
  /** Given by the carrier or the circuit. */
  retryAfterMs?: number | undefined
}

/**
 * The carrier did not accept the message. The error holds no credentials, phone number or text: those would reach the
 * log, and both client errors and the replies of carriers contain them.
 */
export class SmsError extends Error {
  override readonly name = 'SmsError'
  readonly failure: SmsFailure
  readonly reason: DeliveryReason
  readonly provider: string | undefined
  readonly status: number | undefined
  readonly carrierCode: number | undefined
  readonly retryAfterMs: number | undefined

  constructor ({ failure, detail, reason = 'not_sent', provider, status, carrierCode, retryAfterMs }: SmsErrorOptions) {
    super(`the carrier did not accept the message: ${detail}`)
    this.failure = failure
    this.reason = reason
    this.provider = provider
    this.status = status
    this.carrierCode = carrierCode
    this.retryAfterMs = retryAfterMs
  }
}
