import type { Answer, Candidate, Challenge, IssueOutcome, IssueRules, VerifyOutcome } from '../../src/domain/challenge.ts'
import type { ChallengePlace } from '../../src/domain/otp.ts'

/** What is needed to send the SMS of a challenge. */
export type LiveChallenge = Pick<Challenge, 'id' | 'secretId' | 'sealed' | 'expiresAt'>

/**
 * Keeps challenges and the failure counts of numbers by the rules of `src/domain/challenge.ts`.
 * Every method is one atomic step, however many callers and instances race, and rejects with
 * `UnavailableError` when the store cannot be reached. Times are milliseconds since the epoch.
 */
export interface OtpStore {
  issue (place: ChallengePlace, candidate: Candidate, rules: IssueRules, now: number): Promise<IssueOutcome>
  verify (place: ChallengePlace, answer: Answer, now: number): Promise<VerifyOutcome>
  /** The challenge if it is still live. */
  find (challengeId: string, now: number): Promise<LiveChallenge | undefined>
  /** Forgets the failures and waits of a number. */
  unlock (place: ChallengePlace): Promise<void>
}
