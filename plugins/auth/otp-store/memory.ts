import {
  createDeviceRecord, createPhoneRecord, dropExpired, isExpired, type Challenge, type DeviceRecord, type PhoneRecord, type PhoneState, type UsedCode
} from '../../../src/domain/auth/challenge-records.ts'
import { freeResend, issue, resendAt, verify } from '../../../src/domain/auth/challenge.ts'
import { parseChallengeId } from '../../../src/domain/auth/otp.ts'
import type { Requester, OtpStore } from './contract.ts'

export interface MemoryOtpStore extends OtpStore {
  /** Drops what time has ended; returns how many numbers are still known. */
  sweep (now: number): number
}

interface Kept {
  phone: PhoneRecord
  /** By purpose. */
  codes: Map<string, { challenge: Challenge | undefined, used: UsedCode | undefined }>
  devices: Map<string, DeviceRecord>
}

/** For one process: JavaScript runs each rule to its end, so each step is atomic. A restart forgets everything. */
export function createMemoryOtpStore (): MemoryOtpStore {
  const numbers = new Map<string, Kept>()

  /** Runs a rule over what is kept of the requester and keeps what it leaves. */
  function step<T> ({ tag, purpose, device }: Requester, rule: (state: PhoneState) => T): T {
    const kept = numbers.get(tag) ?? { phone: createPhoneRecord(), codes: new Map(), devices: new Map() }
    numbers.set(tag, kept)
    const { challenge, used } = kept.codes.get(purpose) ?? {}
    const state: PhoneState = {
      phone: kept.phone, challenge, used, device: device === undefined ? undefined : kept.devices.get(device) ?? createDeviceRecord()
    }
    const outcome = rule(state)
    kept.codes.set(purpose, { challenge: state.challenge, used: state.used })
    if (device !== undefined && state.device !== undefined) kept.devices.set(device, state.device)
    return outcome
  }

  return {
    async issue (requester, candidate, rules, now) {
      return step(requester, (state) => issue(state, candidate, rules, now))
    },
    async verify (requester, answer, now) {
      return step(requester, (state) => verify(state, answer, now))
    },
    async find (challengeId, now) {
      const { tag, purpose } = parseChallengeId(challengeId)
      const challenge = numbers.get(tag)?.codes.get(purpose)?.challenge
      return challenge?.id === challengeId && challenge.expiresAt > now ? { ...challenge } : undefined
    },
    async resendAt (challengeId, limits, now) {
      const phone = numbers.get(parseChallengeId(challengeId).tag)?.phone
      return phone === undefined ? 0 : resendAt({ phone, challenge: undefined, used: undefined, device: undefined }, limits, now)
    },
    async freeResend (send, now) {
      step(parseChallengeId(send.challengeId), (state) => freeResend(state, send, now))
    },
    async revoke (key, { endsCooldown }) {
      step(key, (state) => {
        state.challenge = undefined
        if (endsCooldown) state.phone.nextSendAt = 0
      })
    },
    async unlock (tag) {
      const kept = numbers.get(tag)
      if (kept !== undefined) kept.phone = createPhoneRecord()
    },
    sweep (now) {
      for (const [tag, kept] of numbers) {
        if (sweepNumber(kept, now)) numbers.delete(tag)
      }
      return numbers.size
    }
  }
}

/** Whether nothing is left that a rule could ask for. */
function sweepNumber ({ phone, codes, devices }: Kept, now: number): boolean {
  for (const [purpose, code] of codes) {
    const state: PhoneState = { phone, ...code, device: undefined }
    dropExpired(state, now)
    if (state.challenge === undefined && state.used === undefined) codes.delete(purpose)
  }
  for (const [tag, device] of devices) {
    const state: PhoneState = { phone, challenge: undefined, used: undefined, device }
    dropExpired(state, now)
    if (state.device !== device) devices.delete(tag)
  }
  return isExpired(phone, now) && codes.size + devices.size === 0
}
