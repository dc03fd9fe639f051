import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import type { Requester, OtpStore } from '../../../plugins/auth/otp-store/contract.ts'
import type { Answer, Candidate, IssueOutcome, IssueRules, VerifyOutcome } from '../../../src/domain/auth/challenge.ts'
import { createChallengeId, type ChallengeKey, type Purpose } from '../../../src/domain/auth/otp.ts'

/** Creates a store with records that do not collide with those of other tests. */
export type MakeStore = (t: Test) => Promise<OtpStore>

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

const defaultRules: IssueRules = { ttlMs: 300 * second, resendMs: 30 * second, sendsPerHour: 0, sendsPerDay: 0 }

/** A phone number in a store that no other test uses, with its own clock. */
export interface TestNumber {
  readonly key: ChallengeKey
  readonly now: number
  pass (milliseconds: number): void
  /** Sets the clock to that of another number. */
  join (other: TestNumber): void
  /** Requests a code. The outcomes `sent` and `waiting` contain the id of the challenge, from which `answer` derives the right answer. */
  send (nameTag?: string): Promise<IssueOutcome>
  /** Requests a code and returns the id of its challenge; throws if there is no live challenge. */
  challenge (nameTag?: string): Promise<string>
  answer (challengeId: string, canRegister?: boolean): Promise<VerifyOutcome>
  /** Gives wrong answers one after another; returns the kinds of their outcomes. */
  guess (times: number): Promise<string[]>
}

export function candidateAt (key: ChallengeKey, nameTag = 'Asha'): Candidate {
  const id = createChallengeId(key)
  return { id, secretId: 'secret', sealed: `sealed ${id}`, check: `check ${id}`, nameTag }
}

export function rightAnswer (challengeId: string, canRegister = true): Answer {
  return { checks: new Map([['older', 'none'], ['secret', `check ${challengeId}`]]), canRegister }
}

export interface NumberOptions extends Partial<IssueRules> {
  /** Shares the phone number and starts at the clock of this one, for another purpose or device. */
  of?: TestNumber
  purpose?: Purpose
  device?: string
}

export function createNumber (store: OtpStore, { of: other, purpose = 'login', device, ...given }: NumberOptions = {}): TestNumber {
  const rules = { ...defaultRules, ...given }
  const key: Requester = { tag: other?.key.tag ?? randomBytes(16).toString('base64url'), purpose, device }
  let now = other?.now ?? Date.now()
  return {
    key,
    get now () { return now },
    pass (milliseconds) { now += milliseconds },
    join (other) { now = other.now },
    send: async (nameTag) => await store.issue(key, { candidate: candidateAt(key, nameTag), rules, now }),
    async challenge (nameTag) {
      const outcome = await this.send(nameTag)
      if (!('challengeId' in outcome)) throw new Error(`no challenge: ${outcome.kind}`)
      return outcome.challengeId
    },
    answer: async (challengeId, canRegister) => await store.verify(key, rightAnswer(challengeId, canRegister), now),
    async guess (times) {
      const kinds: string[] = []
      for (let count = 0; count < times; count++) kinds.push((await this.answer('guessed')).kind)
      return kinds
    }
  }
}
