import type { Failure } from './http.ts'

/**
 * What a login page can do about a failure:
 * - `number`: the number is not one, or gets no SMS. Let the person correct it.
 * - `wrong_code`: let the person type it again.
 * - `expired_code`: offer a new SMS.
 * - `used_code`: the code was used a moment ago, perhaps by a double tap. Offer a new SMS.
 * - `name`: the name has forbidden characters or the wrong length.
 * - `wait`: a limit or a lockout; nothing helps before `retryAt`.
 * - `unavailable`: the service cannot answer now. Trying again helps.
 * - `offline`: no response arrived. Trying again helps.
 * - `refused`: any other refusal; `message` says why.
 */
export type LoginProblemKind =
  'number' | 'wrong_code' | 'expired_code' | 'used_code' | 'name' | 'wait' | 'unavailable' | 'offline' | 'refused'

export interface LoginProblem {
  readonly kind: LoginProblemKind
  /** A sentence for people from the service; absent for `offline`. */
  readonly message?: string
  /** Code of the catalogue of the service, such as `CHR_OTP_INVALID`; absent for `offline`. */
  readonly code?: string
  /** When trying again can succeed, in milliseconds since the epoch; for `wait` and `unavailable`. */
  readonly retryAt?: number
}

const kinds: Readonly<Record<string, LoginProblemKind>> = {
  CHR_PHONE_INVALID: 'number',
  CHR_PHONE_NOT_ALLOWED: 'number',
  CHR_OTP_INVALID: 'wrong_code',
  CHR_OTP_USED: 'used_code',
  CHR_RATE_LIMITED: 'wait',
  CHR_OTP_LOCKED: 'wait',
  CHR_UNAVAILABLE: 'unavailable',
  CHR_INTERNAL: 'unavailable'
}

/** Fields of a request that a person types, with the kind of problem. */
const fields: Readonly<Record<string, LoginProblemKind>> = { phone_number: 'number', otp: 'wrong_code', name: 'name' }

/** Describes an error response. Codes that a later version of the service adds are `refused`, or `unavailable` above 499. */
export function describeFailure (failure: Failure, response: Response, now: number): LoginProblem {
  const { code, error: message, details } = failure
  const field = details?.map(({ path }) => fields[path]).find((kind) => kind !== undefined)
  const kind = kinds[code] ?? field ?? (response.status >= 500 ? 'unavailable' : 'refused')
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return { kind, message, code, ...Number.isFinite(seconds) ? { retryAt: now + seconds * 1000 } : {} }
}
