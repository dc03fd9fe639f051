import type { Challenge } from '../../../src/domain/auth/challenge-records.ts'
import type { Answer, ChallengeSend, IssueOutcome, IssueRequest, VerifyOutcome } from '../../../src/domain/auth/challenge.ts'
import type { ChallengeKey } from '../../../src/domain/auth/otp.ts'

/** The part of a challenge that is needed to send its SMS. */
export type LiveChallenge = Pick<Challenge, 'id' | 'secretId' | 'sealed' | 'expiresAt'>

/** The challenge that a request refers to, and the device that makes the request. */
export interface Requester extends ChallengeKey {
  /** Tag of a trusted device: the owner of the number signed in with it before, and it has an allowance of its own. */
  device?: string | undefined
}

/**
 * Stores challenges and the counts of numbers by the rules of `src/domain/auth/challenge.ts`. Every method is one atomic
 * step for any number of concurrent callers and instances, and rejects with `UnavailableError` when the store cannot be
 * reached. Times are milliseconds since the epoch.
 */
export interface OtpStore {
  issue (requester: Requester, request: IssueRequest): Promise<IssueOutcome>
  verify (requester: Requester, answer: Answer, now: number): Promise<VerifyOutcome>
  /** Returns the challenge, if it is live. */
  find (challengeId: string, now: number): Promise<LiveChallenge | undefined>
  /** Ends the resend cooldown of the number if the SMS is the latest one of a live challenge. */
  freeResend (send: ChallengeSend, now: number): Promise<void>
  /** Ends the challenge, if there is one; counts stay. With `endsCooldown` the next SMS may be sent at once. */
  revoke (key: ChallengeKey, options: { endsCooldown: boolean }): Promise<void>
  /** Resets the failures, lockouts and SMS counts of a number. */
  unlock (tag: string): Promise<void>
}
