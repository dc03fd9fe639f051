import type { LimitName } from '../../../src/domain/auth/limits.ts'
import type { E164 } from '../../../src/domain/auth/phone.ts'

export interface SendRequest {
  phone: E164
  /** Address of the client; clients without one share a stricter limit. */
  address: string | undefined
  /** The SMS belongs to the allowance of a trusted device: only the limits of the whole service apply. */
  usesDeviceAllowance?: boolean
}

export interface LimitReservation {
  /**
   * Releases the counts of a request that led to no SMS, or of an attempt that does not count. A second call and a call after
   * the window do nothing. The number still counts among the distinct numbers of its address, because it was requested.
   * @throws {UnavailableError} when the store cannot be reached; the request may then stay counted
   */
  release (): Promise<void>
}

/** The rate limits of the service, shared by all instances that use the same Redis. */
export interface Limits {
  /** No limit on sends is set, so `acquireSend` counts nothing. */
  readonly isOff: boolean
  /**
   * Counts an SMS against every limit before it is sent.
   * @throws {RateLimitedError} with the seconds until a retry can succeed; nothing is counted then
   * @throws {UnavailableError} when the store cannot be reached: no SMS is sent uncounted
   */
  acquireSend (request: SendRequest): Promise<LimitReservation>
  /**
   * Counts an attempt to verify a code.
   * @throws {RateLimitedError} with the seconds until a retry can succeed; the attempt is not counted then
   * @throws {UnavailableError} when the store cannot be reached
   */
  acquireVerify (address: string | undefined): Promise<LimitReservation>
}

/** A request to count something: the name of a limit, its maximum and the key that it counts. */
export interface CountRequest {
  name: LimitName
  /** Maximum in a window, which begins with the first count. */
  maximum: number
  windowSeconds: number
  /** Keyed hash of the address, prefix or service. */
  key: string
  /** Keyed hash of a number, in a limit of distinct numbers. A member that is counted already takes no further room. */
  member?: string
}

export type CountOutcome =
  /** `release` does nothing after the window, so that it cannot take from the next one. */
  | { kind: 'acquired', release: () => Promise<void> }
  /** The limit is reached, and the request was not counted. */
  | { kind: 'refused', remainingMs: number }

/** Counts atomically, whatever the number of concurrent callers, and rejects with `UnavailableError`. */
export interface CounterStore {
  /** A member stays counted until every caller that acquired it has released it. */
  acquire (request: CountRequest): Promise<CountOutcome>
}
