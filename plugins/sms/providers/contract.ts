import type { E164 } from '../../../src/domain/auth/phone.ts'
import type { Channel } from '../../../src/domain/sms/delivery.ts'
import type { Notice } from '../../../src/domain/sms/templates.ts'
import type { SmsFailure } from '../../../src/domain/sms/failures.ts'
import { SmsError, type SmsErrorOptions } from '../../../src/domain/sms/sms-error.ts'

export { SmsError, type Channel, type SmsErrorOptions, type SmsFailure }

/** A code for a sign-up or login, a code for a change of number, or the notice after a change. It does not depend on an account. */
export type MessagePurpose = 'login' | 'phone_change' | Notice

export interface OutgoingMessage {
  /** The id of the delivery: the same for every attempt and provider. */
  id: string
  to: E164
  channel: Channel
  text: string
  /** The code in `text`, for providers that use their own template; notices have none. */
  code: string | undefined
  /** Hash of the Android app that the client named, which the text contains. */
  appHash?: string | undefined
  /** BCP 47. */
  language: string
  /** ISO code of the country of the number, `ZZ` if it belongs to none. */
  country: string
  purpose: MessagePurpose
  /** After this time the carrier drops the message instead of delivering an expired code. */
  validitySeconds: number
}

/** A service that sends messages, such as Twilio. */
export interface SmsProvider {
  readonly name: string
  readonly channels: readonly Channel[]
  /**
   * Makes one call and resolves to the provider's id of the message.
   * @throws {SmsError}
   */
  send (message: OutgoingMessage): Promise<string>
  /** Ends its connections. */
  close (): Promise<void>
}

export type ProviderLog = Record<'info' | 'warn' | 'error', (fields: object, text: string) => void>

/** All selected providers together. */
export interface SmsFailover {
  /**
   * Makes one attempt: tries the providers in their order until one accepts the message. An ambiguous outcome ends the
   * attempt, since a second provider might send the message twice.
   * @throws {SmsError}
   */
  send (message: OutgoingMessage): Promise<{ provider: string, messageId: string }>
}
