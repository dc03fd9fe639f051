import type { Challenge } from '../../../src/domain/auth/challenge-records.ts'
import type { Answer, Candidate, ChallengeSend, IssueOutcome, IssueRules, SendLimits, VerifyOutcome } from '../../../src/domain/auth/challenge.ts'
import type { ChallengeKey } from '../../../src/domain/auth/otp.ts'

/** What is needed to send the SMS of a challenge. */
export type LiveChallenge = Pick<Challenge, 'id' | 'secretId' | 'sealed' | 'expiresAt'>

/** Whose challenge it is, and who asks. */
export interface Requester extends ChallengeKey {
  /** Tag of a device that its owner signed in with before; it has a small reserve of its own. */
  device?: string | undefined
}

/**
 * Keeps challenges and the failure counts of numbers by the rules of `src/domain/auth/challenge.ts`.
 * Every method is one atomic step, however many callers and instances race, and rejects with
 * `UnavailableError` when the store cannot be reached. Times are milliseconds since the epoch.
 */
export interface OtpStore {
  issue (requester: Requester, candidate: Candidate, rules: IssueRules, now: number): Promise<IssueOutcome>
  verify (requester: Requester, answer: Answer, now: number): Promise<VerifyOutcome>
  /** The challenge if it is still live. */
  find (challengeId: string, now: number): Promise<LiveChallenge | undefined>
  /** From when on the number of a challenge may have its next SMS; not after now where nothing keeps it. */
  resendAt (challengeId: string, limits: SendLimits, now: number): Promise<number>
  /** Ends the number's gap where that send is the latest one of a live challenge. */
  freeResend (send: ChallengeSend, now: number): Promise<void>
  /** Ends the challenge of a key, if there is one; counts stay. `endsCooldown`: the number's next SMS may go out at once. */
  revoke (key: ChallengeKey, options: { endsCooldown: boolean }): Promise<void>
  /** Forgets the failures, waits and sends of a number. */
  unlock (tag: string): Promise<void>
}
