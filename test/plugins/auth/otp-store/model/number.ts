import type { IssueOutcome, IssueRules, VerifyOutcome } from '../../../../../src/domain/auth/challenge.ts'
import type { Purpose } from '../../../../../src/domain/auth/otp.ts'
import { createHistory } from './history.ts'

/** Who asks for or answers a code. */
export interface Requester { purpose: Purpose, device: string | undefined }

interface Code {
  id: string
  firstAt: number
  expiresAt: number
  sends: number
  /** All names that were given while it or a code that it replaced was live; '' for none. */
  names: Set<string>
  requestsForName: number
}

const minute = 60_000

/** A number as the promises describe it: says what each step must answer, and takes note of it. */
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

  /** A resend repeats the code, up to ten minutes from its first SMS; in its last minute a new one goes out. */
  function renew (purpose: Purpose, freshId: string, name: string, now: number): Code {
    const code = live(purpose, now)
    const next = code !== undefined && code.expiresAt - now >= minute
      ? { ...code, sends: code.sends + 1, expiresAt: Math.min(now + rules.ttlMs, code.firstAt + 10 * minute) }
      : { id: freshId, firstAt: now, expiresAt: now + rules.ttlMs, sends: 1, names: new Set([...code?.names ?? [], name]), requestsForName: 0 }
    codes.set(purpose, next)
    return next
  }

  const waiting = ({ id, sends, expiresAt }: Code, nextSendAt: number): IssueOutcome => ({ kind: 'waiting', challengeId: id, sendAttempt: sends, expiresAt, nextSendAt })

  /** A full hour or day outlasts the gap, but not for a device that has SMS of its own left. */
  function nextOf (device: string | undefined, now: number): number {
    const hasAllowance = device !== undefined && history.allowanceOf(device, now).sms > 0
    return hasAllowance ? history.cooldownUntil(now) : Math.max(history.cooldownUntil(now), history.limitedUntil(now))
  }

  function send ({ purpose, device }: Requester, name: string, freshId: string, now: number): IssueOutcome {
    const code = live(purpose, now)
    const refused = refusal(code, now)
    code?.names.add(name)
    if (refused === undefined && code !== undefined && history.cooldownUntil(now) > now) return waiting(code, nextOf(device, now))
    const allowanceOf = refused === undefined ? undefined : device
    if (refused !== undefined) {
      if (device === undefined) return refused
      const { sms, guesses, cooldownUntil } = history.allowanceOf(device, now)
      if (cooldownUntil > now && code !== undefined) return waiting(code, cooldownUntil)
      if (sms === 0 || (refused.kind === 'locked' && guesses === 0)) return refused
      if (cooldownUntil > now) return cooldownUntil < refused.retryAt ? { kind: 'too_soon', retryAt: cooldownUntil } : refused
    }
    const { id, sends, expiresAt } = renew(purpose, freshId, name, now)
    history.add({ what: 'sms', at: now, device: allowanceOf })
    const nextSendAt = allowanceOf === undefined ? nextOf(device, now) : history.allowanceOf(allowanceOf, now).cooldownUntil
    return { kind: 'sent', challengeId: id, sendAttempt: sends, expiresAt, nextSendAt, usesDeviceAllowance: allowanceOf !== undefined }
  }

  function succeed (code: Code, { purpose, device }: Requester, canRegister: boolean, now: number): VerifyOutcome['kind'] {
    if (!canRegister && (code.names.has('') || code.names.size > 1)) {
      code.requestsForName += 1
      if (code.requestsForName <= 5) return 'name_required'
      codes.delete(purpose)
      return 'wrong'
    }
    history.add({ what: 'success', at: now, device })
    codes.delete(purpose)
    used.set(purpose, code)
    return 'right'
  }

  /** A wrong answer. With a reserve in play it is that device's alone. */
  function fail (purpose: Purpose, allowanceOf: string | undefined, now: number): 'wrong' {
    if (allowanceOf !== undefined) {
      history.add({ what: 'allowance guess', at: now, device: allowanceOf })
      if (history.allowanceOf(allowanceOf, now).guesses === 0) codes.delete(purpose)
    } else if (live(purpose, now) === undefined) {
      history.add({ what: 'miss', at: now })
    } else {
      history.add({ what: 'failure', at: now })
      if (history.failures(now) % 5 === 0) {
        codes.delete(purpose)
        history.add({ what: 'no cooldown', at: now })
      }
    }
    return 'wrong'
  }

  function answer (requester: Requester, id: string, canRegister: boolean, now: number): { kind: VerifyOutcome['kind'], retryAt?: number } {
    const { purpose, device } = requester
    const lockedUntil = history.lockedUntil(now)
    const allowanceOf = lockedUntil !== undefined && device !== undefined && history.allowanceOf(device, now).guesses > 0 ? device : undefined
    if (lockedUntil !== undefined && allowanceOf === undefined) return { kind: 'locked', retryAt: lockedUntil }
    const code = live(purpose, now)
    if (code?.id === id) return { kind: succeed(code, requester, canRegister, now) }
    const last = used.get(purpose)
    if (last?.id === id && now < last.expiresAt) return { kind: 'wrong' }
    return { kind: fail(purpose, allowanceOf, now) }
  }

  return {
    history,
    send,
    answer,
    live,
    revoke (purpose: Purpose, now: number) {
      codes.delete(purpose)
      history.add({ what: 'no cooldown', at: now })
    },
    unlock (now: number) { history.add({ what: 'unlock', at: now }) }
  }
}

export type NumberModel = ReturnType<typeof createNumberModel>
