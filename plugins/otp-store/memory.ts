import { createPhoneState, isForgotten, issue, verify, type PhoneState } from '../../src/domain/challenge.ts'
import { placeOfChallenge, type ChallengePlace } from '../../src/domain/otp.ts'
import type { OtpStore } from './contract.ts'

export interface MemoryOtpStore extends OtpStore {
  /** Drops what time has ended; returns how many numbers are still known. */
  sweep (now: number): number
}

/** For one process: JavaScript runs each rule to its end, so each step is atomic. A restart forgets everything. */
export function createMemoryOtpStore (): MemoryOtpStore {
  const states = new Map<string, PhoneState>()
  const keyOf = ({ tag, purpose }: ChallengePlace) => `${tag}.${purpose}`

  function stateAt (place: ChallengePlace): PhoneState {
    const state = states.get(keyOf(place)) ?? createPhoneState()
    states.set(keyOf(place), state)
    return state
  }

  return {
    async issue (place, candidate, issueRules, now) {
      return issue(stateAt(place), candidate, issueRules, now)
    },
    async verify (place, answer, now) {
      return verify(stateAt(place), answer, now)
    },
    async find (challengeId, now) {
      const challenge = states.get(keyOf(placeOfChallenge(challengeId)))?.challenge
      return challenge?.id === challengeId && challenge.expiresAt > now ? { ...challenge } : undefined
    },
    async unlock (place) {
      stateAt(place).phone = createPhoneState().phone
    },
    sweep (now) {
      for (const [key, state] of states) {
        if (isForgotten(state, now)) states.delete(key)
      }
      return states.size
    }
  }
}
