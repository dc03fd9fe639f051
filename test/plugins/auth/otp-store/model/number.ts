import type { IssueOutcome, IssueRules, VerifyOutcome } from '../../../../../src/domain/auth/challenge.ts'
import type { Purpose } from '../../../../../src/domain/auth/otp.ts'
import { createHistory } from './history.ts'

/** The purpose and the known device of a request for a code or of an answer. */
export interface Requester { purpose: Purpose, device: string | undefined }

interface Code {
  id: string
  firstAt: number
  expiresAt: number
  sends: number
  /** All names that were given while this code or one that it replaced was live; '' stands for no name. */
  names: Set<string>
  requestsForName: number
}

const minute = 60_000

/** A model of one number by the documented rules: each step returns the expected outcome and records it. */
export function createNumberModel (rules: IssueRules) {
  const history = createHistory(rules)
  const codes = new Map<Purpose, Code>()
  const used = new Map<Purpose, { id: string, expiresAt: number }>()

  const isLive = (code: Code | undefined, now: number): code is Code => code !== undefined && now < code.expiresAt
  const live = (purpose: Purpose, now: number) => {
    const code = codes.get(purpose)
    return isLive(code, now) ? code : undefined
  }

  function refusal (code: Code | undefined, now: number): Extract<IssueOutcome, { retryAt: number }> | undefined {
    const lockedUntil = history.lockedUntil(now)
    if (lockedUntil !== undefined) return { kind: 'locked', retryAt: lockedUntil }
    const cooldownUntil = history.cooldownUntil(now)
    if (cooldownUntil > now) return code === undefined ? { kind: 'too_soon', retryAt: cooldownUntil } : undefined
    const limitedUntil = history.limitedUntil(now)
    return limitedUntil > now ? { kind: 'limited', retryAt: limitedUntil } : undefined
  }

  /** A resend repeats the code until ten minutes after its first SMS; a code in its last minute is replaced. */
  function renew (purpose: Purpose, freshId: string, name: string, now: number): Code {
    const code = live(purpose, now)
    const next = code !== undefined && code.expiresAt - now >= minute
      ? { ...code, sends: code.sends + 1, expiresAt: Math.min(now + rules.ttlMs, code.firstAt + 10 * minute) }
      : {
          id: freshId, firstAt: now, expiresAt: now + rules.ttlMs, sends: 1, names: new Set([...code?.names ?? [], name]), requestsForName: 0
        }
    codes.set(purpose, next)
    return next
  }

  const waiting = ({ id, sends, expiresAt }: Code, nextSendAt: number): IssueOutcome => ({
    kind: 'waiting', challengeId: id, sendAttempt: sends, expiresAt, nextSendAt
  })

  /** A full hourly or daily limit outlasts the cooldown, except for a device with SMS left in its allowance. */
  function nextSendTime (device: string | undefined, now: number): number {
    const hasAllowance = device !== undefined && history.getAllowance(device, now).sms > 0
    return hasAllowance ? history.cooldownUntil(now) : Math.max(history.cooldownUntil(now), history.limitedUntil(now))
  }

  function send ({ purpose, device }: Requester, name: string, freshId: string, now: number): IssueOutcome {
    const code = live(purpose, now)
    const refused = refusal(code, now)
    code?.names.add(name)
    if (refused === undefined && code !== undefined && history.cooldownUntil(now) > now) return waiting(code, nextSendTime(device, now))
    const allowanceDevice = refused === undefined ? undefined : device
    if (refused !== undefined) {
      if (device === undefined) return refused
      const { sms, guesses, cooldownUntil } = history.getAllowance(device, now)
      if (cooldownUntil > now && code !== undefined) return waiting(code, cooldownUntil)
      if (sms === 0 || (refused.kind === 'locked' && guesses === 0)) return refused
      if (cooldownUntil > now) return cooldownUntil < refused.retryAt ? { kind: 'too_soon', retryAt: cooldownUntil } : refused
    }
    const { id, sends, expiresAt } = renew(purpose, freshId, name, now)
    history.add({ kind: 'sms', at: now, device: allowanceDevice })
    const nextSendAt = allowanceDevice === undefined ? nextSendTime(device, now) : history.getAllowance(allowanceDevice, now).cooldownUntil
    return { kind: 'sent', challengeId: id, sendAttempt: sends, expiresAt, nextSendAt, usesDeviceAllowance: allowanceDevice !== undefined }
  }

  function succeed (code: Code, { purpose, device }: Requester, canRegister: boolean, now: number): VerifyOutcome['kind'] {
    if (!canRegister && (code.names.has('') || code.names.size > 1)) {
      code.requestsForName += 1
      if (code.requestsForName <= 5) return 'name_required'
      codes.delete(purpose)
      return 'wrong'
    }
    history.add({ kind: 'success', at: now, device })
    codes.delete(purpose)
    used.set(purpose, code)
    return 'right'
  }

  /** Records a wrong answer. It counts only for the device if the device uses its allowance. */
  function fail (purpose: Purpose, allowanceDevice: string | undefined, now: number): 'wrong' {
    if (allowanceDevice !== undefined) {
      history.add({ kind: 'allowance guess', at: now, device: allowanceDevice })
      if (history.getAllowance(allowanceDevice, now).guesses === 0) codes.delete(purpose)
    } else if (live(purpose, now) === undefined) {
      history.add({ kind: 'miss', at: now })
    } else {
      history.add({ kind: 'failure', at: now })
      if (history.failures(now) % 5 === 0) {
        codes.delete(purpose)
        history.add({ kind: 'no cooldown', at: now })
      }
    }
    return 'wrong'
  }

  function answer (requester: Requester, id: string, canRegister: boolean, now: number): { kind: VerifyOutcome['kind'], retryAt?: number } {
    const { purpose, device } = requester
    const lockedUntil = history.lockedUntil(now)
    const allowanceDevice = lockedUntil !== undefined && device !== undefined &&
      history.getAllowance(device, now).guesses > 0
      ? device
      : undefined
    if (lockedUntil !== undefined && allowanceDevice === undefined) return { kind: 'locked', retryAt: lockedUntil }
    const code = live(purpose, now)
    if (code?.id === id) return { kind: succeed(code, requester, canRegister, now) }
    const last = used.get(purpose)
    if (last?.id === id && now < last.expiresAt) return { kind: 'used' }
    return { kind: fail(purpose, allowanceDevice, now) }
  }

  return {
    history,
    send,
    answer,
    live,
    revoke (purpose: Purpose, now: number) {
      codes.delete(purpose)
      history.add({ kind: 'no cooldown', at: now })
    },
    unlock (now: number) { history.add({ kind: 'unlock', at: now }) }
  }
}

export type NumberModel = ReturnType<typeof createNumberModel>
