import { createDeviceRecord, createPhoneRecord, type PhoneState } from '../../src/domain/auth/challenge-records.ts'
import { issue, verify, type IssueRules } from '../../src/domain/auth/challenge.ts'
import type { Attack } from './odds.ts'

export const hour = 3_600_000
export const day = 24 * hour
/** When each attack begins. */
export const start = Date.UTC(2026, 0, 15)

export type Device = 'own' | 'stolen' | undefined

/** The sender of a request or an answer, and its purpose. Default: a stranger who logs in. */
export interface Actor { device?: Device, purpose?: string }

/** Creates a number under the pure rules, with a count of guesses at live codes. */
export function createTarget (rules: IssueRules) {
  const phone = createPhoneRecord()
  const devices = { own: createDeviceRecord(), stolen: createDeviceRecord() }
  const codes = new Map<string, Pick<PhoneState, 'challenge' | 'used'>>()
  let made = 0
  let guesses = 0

  const codeOf = (purpose: string) => codes.get(purpose) ?? { challenge: undefined, used: undefined }

  function as<T> ({ device, purpose = 'login' }: Actor, step: (state: PhoneState) => T): T {
    const state: PhoneState = { phone, ...codeOf(purpose), device: device === undefined ? undefined : devices[device] }
    const outcome = step(state)
    codes.set(purpose, { challenge: state.challenge, used: state.used })
    if (device !== undefined && state.device !== undefined) devices[device] = state.device
    return outcome
  }

  function answer (actor: Actor, check: string, now: number): string {
    return as(actor, (state) => verify(state, { checks: new Map([['s', check]]), canRegister: true }, now).kind)
  }

  return {
    phone,
    get guesses () { return guesses },
    isLocked: (now: number) => phone.lockedUntil > now,
    /** Requests a code; returns when to retry, or `undefined` if a code is live. */
    ask (actor: Actor, now: number): number | undefined {
      const check = `check ${++made}`
      const candidate = { id: check, secretId: 's', sealed: '', check, nameTag: 'Asha' }
      const outcome = as(actor, (state) => issue(state, { candidate, rules, now }))
      return 'retryAt' in outcome ? outcome.retryAt : undefined
    },
    /** Guesses at the live code until it has ended, at most `times` times. */
    guess (actor: Actor, times: number, now: number): void {
      const { purpose = 'login' } = actor
      for (let count = 0; count < times; count++) {
        if ((codeOf(purpose).challenge?.expiresAt ?? 0) <= now || answer(actor, 'guessed', now) === 'locked') return
        guesses += 1
      }
    },
    /** Answers the live code; returns whether the login succeeded. */
    logIn: (actor: Actor, now: number) => answer(actor, codeOf(actor.purpose ?? 'login').challenge?.check ?? '', now) === 'right'
  }
}

export interface SimulatedAttack extends Omit<Attack, 'logins'> {
  /** When the owner logs in: never, at noon, or as soon as an attack and its lockout are over. */
  logsIn: 'never' | 'at noon' | 'after every attack'
}

/** Simulates a greedy attacker, who sends and guesses as soon as a rule permits it; returns the guesses at live codes. */
export function simulateAttack (rules: IssueRules, { days, logsIn, ownDevices, stolenDevices }: SimulatedAttack): number {
  const target = createTarget(rules)
  const owner: Actor = { device: ownDevices > 0 ? 'own' : undefined }
  const end = start + days * day
  const noon = (now: number) => start + Math.floor((now - start + day / 2) / day) * day + day / 2
  let ownerAt = logsIn === 'at noon' ? noon(start) : Infinity

  /** A refusal can end earlier for a device than it reports, so the attacker retries every hour. */
  function attack (attacker: Actor, now: number): number {
    for (;;) {
      const retryAt = target.ask(attacker, now)
      if (retryAt !== undefined) return Math.min(retryAt, now + hour)
      const before = target.guesses
      target.guess(attacker, Infinity, now)
      if (target.guesses === before) return now + hour
      if (logsIn === 'after every attack') ownerAt = Math.max(now, target.phone.lockedUntil)
    }
  }

  /** The attacker guesses at the code of the owner too, up to one failure before its end. */
  function logIn (now: number): number {
    const retryAt = target.ask(owner, now)
    if (retryAt !== undefined) return retryAt
    if (!target.isLocked(now)) target.guess({}, 4 - target.phone.failures % 5, now)
    if (!target.logIn(owner, now)) throw new Error('the owner could not log in')
    return logsIn === 'at noon' ? noon(now) : Infinity
  }

  for (let now = start; now < end;) {
    if (ownerAt <= now) ownerAt = logIn(now)
    let next = attack({}, now)
    if (stolenDevices > 0) next = Math.min(next, attack({ device: 'stolen' }, now))
    now = Math.min(next, Math.max(ownerAt, now + 1))
  }
  return target.guesses
}
