import {
  createDeviceRecord, createPhoneRecord, dropExpired, isExpired,
  type Challenge, type DeviceRecord, type PhoneRecord, type PhoneState, type UsedCode
} from '../../../src/domain/auth/challenge-records.ts'
import { freeResend, issue, verify } from '../../../src/domain/auth/challenge.ts'
import { parseChallengeId } from '../../../src/domain/auth/otp.ts'
import type { Requester, OtpStore } from './contract.ts'

export interface MemoryOtpStore extends OtpStore {
  /** Removes expired records and returns how many numbers remain. */
  sweep (now: number): number
}

/** The records of one number. */
interface NumberRecords {
  phone: PhoneRecord
  /** The challenges of the number by purpose. */
  codes: Map<string, { challenge: Challenge | undefined, used: UsedCode | undefined }>
  devices: Map<string, DeviceRecord>
}

/** Creates a store of one process, lost at a restart. Each step is atomic because JavaScript does not interrupt a rule. */
export function createMemoryOtpStore (): MemoryOtpStore {
  const numbers = new Map<string, NumberRecords>()

  /** Runs a rule over the records of the requester and stores what the rule has changed. */
  function step<T> ({ tag, purpose, device }: Requester, rule: (state: PhoneState) => T): T {
    const records = numbers.get(tag) ?? { phone: createPhoneRecord(), codes: new Map(), devices: new Map() }
    numbers.set(tag, records)
    const { challenge, used } = records.codes.get(purpose) ?? {}
    const state: PhoneState = {
      phone: records.phone, challenge, used, device: device === undefined ? undefined : records.devices.get(device) ?? createDeviceRecord()
    }
    const outcome = rule(state)
    records.codes.set(purpose, { challenge: state.challenge, used: state.used })
    if (device !== undefined && state.device !== undefined) records.devices.set(device, state.device)
    return outcome
  }

  return {
    async issue (requester, request) {
      return step(requester, (state) => issue(state, request))
    },
    async verify (requester, answer, now) {
      return step(requester, (state) => verify(state, answer, now))
    },
    async find (challengeId, now) {
      const { tag, purpose } = parseChallengeId(challengeId)
      const challenge = numbers.get(tag)?.codes.get(purpose)?.challenge
      return challenge?.id === challengeId && challenge.expiresAt > now ? { ...challenge } : undefined
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
      const records = numbers.get(tag)
      if (records !== undefined) records.phone = createPhoneRecord()
    },
    sweep (now) {
      for (const [tag, records] of numbers) {
        if (sweepNumber(records, now)) numbers.delete(tag)
      }
      return numbers.size
    }
  }
}

/** Removes the expired records of a number and returns whether none is left. */
function sweepNumber ({ phone, codes, devices }: NumberRecords, now: number): boolean {
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
