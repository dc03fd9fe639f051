import type { Channel } from '../../../src/domain/sms/channels.ts'
import type { Notice } from '../../../src/domain/sms/templates.ts'
import type { SealedPhone } from '../../auth/otp.ts'

/** Holds no code, number or name in the clear: those are made from the challenge, or unsealed, when it is sent. */
export type SmsJob = CodeJob | NoticeJob

export interface NoticeJob extends SealedPhone {
  notice: Notice
  /** The account's last known one. */
  language?: string | undefined
}

export interface CodeJob {
  challengeId: string
  /** Which of the challenge's SMS this is, from 1. */
  send: number
  /** Of this SMS, as `deliveryIdOf` makes it. */
  deliveryId: string
  /** English where it is not said. */
  language?: string | undefined
  /** `sms` where it is not said. */
  channel?: Channel | undefined
  /** Of the number, ISO code. */
  country?: string | undefined
  /** When its delivery was opened, milliseconds since the epoch. */
  queuedAt?: number | undefined
}

/** As it is queued: a notice has been given the id of its delivery. */
export type QueuedSms = CodeJob | NoticeJob & { deliveryId: string }

export interface SmsOutbox {
  /**
   * Asked before a challenge starts, so that nobody waits for an SMS that could not be queued.
   * @throws {UnavailableError} when too many jobs wait already, or the service is closing
   */
  ensureRoom (): void
  /**
   * Takes the job; sending goes on in the background. The same code's job is taken once, however often it is queued.
   * @throws {UnavailableError} when too many jobs wait already, the service is closing, or Redis does not answer
   */
  enqueue (job: SmsJob): Promise<void>
}

/** What one run of a job came to. */
export type RunOutcome =
  | { kind: 'done' }
  /** It is to be run once more, after this pause. */
  | { kind: 'again', afterMs: number }

/** What a queue keeps at the moment. */
export interface QueueState {
  waiting: number
  active: number
  /** Between two runs. */
  delayed: number
  /** When the oldest of them was queued, milliseconds since the epoch; `undefined` where there is none. */
  oldestAt: number | undefined
}

/** Carries jobs to their runs, in this process or by Redis. Knows nothing of SMS but when to run a job again. */
export interface Transport {
  ensureRoom (): void
  add (id: string, job: QueuedSms): Promise<void>
  /** Rejects when it cannot be asked. */
  inspect (): Promise<QueueState>
  /** Takes no more jobs, and awaits those under way within the deadline. */
  close (): Promise<void>
}
