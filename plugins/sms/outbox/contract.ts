import type { Channel } from '../../../src/domain/sms/delivery.ts'
import type { Notice } from '../../../src/domain/sms/templates.ts'
import type { SealedPhone } from '../../auth/otp.ts'

/** A job contains no code, number or name in plain text: they are derived from the challenge, or unsealed, when the SMS is sent. */
export type SmsJob = CodeJob | NoticeJob

export interface NoticeJob extends SealedPhone {
  notice: Notice
  /** The last known language of the account. */
  language?: string | undefined
  /** Milliseconds since the epoch. */
  queuedAt?: number | undefined
}

export interface CodeJob {
  challengeId: string
  /** Number of this SMS within the challenge, from 1. */
  send: number
  /** The result of `deliveryIdOf`. */
  deliveryId: string
  /** English if missing. */
  language?: string | undefined
  /** `sms` if missing. */
  channel?: Channel | undefined
  /** The app hash that the client named; missing in jobs of earlier versions. */
  appHash?: string | undefined
  /** The client insists on the channel. A separate field, because earlier versions know two channels only. */
  isOnlyChannel?: boolean | undefined
  /** ISO code of the number's country. */
  country?: string | undefined
  /** When its delivery was opened, milliseconds since the epoch. */
  queuedAt?: number | undefined
}

/** A job in the queue: notices have the id of their delivery as well. */
export type QueuedSms = CodeJob | NoticeJob & { deliveryId: string }

export interface SmsOutbox {
  /**
   * Called before a challenge starts, so that no user waits for an SMS that cannot be queued.
   * @throws {UnavailableError} when too many jobs wait already, or the service is closing
   */
  assertCapacity (): void
  /**
   * Queues the job and sends it in the background. A job that is queued again is not sent again.
   * @throws {UnavailableError} when too many jobs wait already, the service is closing, or Redis does not reply
   */
  enqueue (job: SmsJob): Promise<void>
  /**
   * Queues a job that a killed process may not have queued. Of all such calls for a job, one adds it to the queue.
   * @throws {UnavailableError} as `enqueue`
   */
  enqueueAgain (job: CodeJob): Promise<void>
}

/** The outcome of one run of a job. */
export type RunOutcome =
  | { kind: 'done' }
  /** Run it again after this pause. */
  | { kind: 'again', afterMs: number }

/** Numbers of jobs in a queue at the moment. */
export interface QueueState {
  waiting: number
  active: number
  /** Pausing between two runs. */
  delayed: number
  /** When the oldest job was queued, milliseconds since the epoch; `undefined` for an empty queue. */
  oldestAt: number | undefined
}

/** Runs queued jobs, in this process or through Redis. It knows nothing about SMS except when to run a job again. */
export interface Transport {
  assertCapacity (): void
  add (job: QueuedSms): Promise<void>
  /** Adds a job that may be in the queue already. Of all such calls for a job, one adds it. */
  addAgain (job: CodeJob): Promise<void>
  /** Rejects if the queue does not reply. */
  inspect (): Promise<QueueState>
  /** Leaves the jobs that wait to other processes. Only a queue that others run too has this function. */
  stopTaking?: () => void
  /** Accepts no more jobs, and awaits those in flight within the deadline. */
  close (): Promise<void>
}
