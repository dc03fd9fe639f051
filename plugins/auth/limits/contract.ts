import type { E164 } from '../../../src/domain/auth/phone.ts'

export interface SendRequest {
  phone: E164
  /** Of the client; without one it shares the strict bucket. */
  address: string | undefined
  /** A known device's own reserve: only the limits of the whole service count. */
  isReserve?: boolean
}

export interface TakenSend {
  /**
   * For a send that no SMS came of; again, or after its window, it does nothing. The number stays among the
   * distinct ones of its address, which were asked for all the same.
   * @throws {UnavailableError} when the store cannot be reached; it may then stay counted
   */
  giveBack (): Promise<void>
}

/** Who may ask how often; shared by all instances at one Redis. */
export interface Limits {
  /** No limit on sends is set: `takeSend` counts nothing. */
  readonly isOff: boolean
  /**
   * Counts a send against every limit, before it is sent.
   * @throws {RateLimitedError} with the seconds until it is worth asking again; then nothing is counted
   * @throws {UnavailableError} when the store cannot be reached: a send is then never let through
   */
  takeSend (request: SendRequest): Promise<TakenSend>
  /**
   * Counts a code that is tried.
   * @throws {RateLimitedError} with the seconds until it is worth asking again; then it is not counted
   * @throws {UnavailableError} when the store cannot be reached
   */
  takeVerify (address: string | undefined): Promise<void>
}
