import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import type { Requester, OtpStore } from '../../../plugins/auth/otp-store/contract.ts'
import type { Answer, Candidate, IssueOutcome, IssueRules, VerifyOutcome } from '../../../src/domain/auth/challenge.ts'
import { createChallengeId, type ChallengeKey, type Purpose } from '../../../src/domain/auth/otp.ts'

/** A store that shares nothing with what other tests do to it. */
export type MakeStore = (t: Test) => Promise<OtpStore>

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

const usual: IssueRules = { ttlMs: 300 * second, resendMs: 30 * second, sendsPerHour: 0, sendsPerDay: 0 }

/** A phone number at a store that no other test knows, with a time of its own. */
export interface TestNumber {
  readonly key: ChallengeKey
  readonly now: number
  pass (milliseconds: number): void
  /** Goes to the time of another. */
  join (other: TestNumber): void
  /** Asks for a code; 'sent' and 'waiting' tell the id of the challenge, which is all that the right answer needs. */
  send (nameTag?: string): Promise<IssueOutcome>
  /** The same, for tests that are about something else: throws unless there is a live challenge. */
  challenge (nameTag?: string): Promise<string>
  answer (challengeId: string, canRegister?: boolean): Promise<VerifyOutcome>
  /** Wrong answers, one after the other; returns the kinds of what came back. */
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
  /** The number and the time of another, asked by another purpose or device. */
  of?: TestNumber
  purpose?: Purpose
  device?: string
}

export function createNumber (store: OtpStore, { of: other, purpose = 'login', device, ...given }: NumberOptions = {}): TestNumber {
  const rules = { ...usual, ...given }
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
