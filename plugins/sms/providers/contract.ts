import type { E164 } from '../../../src/domain/auth/phone.ts'
import type { Channel } from '../../../src/domain/sms/channels.ts'
import type { SmsFailure } from '../../../src/domain/sms/failures.ts'
import { SmsError, type SmsErrorOptions } from '../../../src/domain/sms/sms-error.ts'

export { SmsError, type Channel, type SmsErrorOptions, type SmsFailure }

export interface OutgoingMessage {
  /** The delivery's id: the same for every attempt, on whatever road. */
  id: string
  to: E164
  channel: Channel
  text: string
  /** The code in `text`, for roads that send by a template of their own; notices have none. */
  code: string | undefined
  /** BCP 47. */
  language: string
  /** After this the carrier drops it instead of delivering a dead code. */
  validitySeconds: number
}

/** A road that messages take: Twilio, a webhook, ... One file each. */
export interface SmsProvider {
  readonly name: string
  readonly channels: readonly Channel[]
  /**
   * One call; resolves to the provider's id of the message.
   * @throws {SmsError}
   */
  send (message: OutgoingMessage): Promise<string>
  /** Ends its connections. */
  close (): Promise<void>
}

/** What roads need of a log. */
export type RoadLog = Record<'info' | 'warn' | 'error', (fields: object, text: string) => void>

/** All roads together. */
export interface SmsSender {
  /**
   * One attempt over the roads in their order: the next takes over where one cannot. An ambiguous outcome ends the
   * attempt, since a second road might send it twice.
   * @throws {SmsError}
   */
  send (message: OutgoingMessage): Promise<{ provider: string, messageId: string }>
}
