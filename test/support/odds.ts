/** Computes upper bounds of the guesses at one number under the rules of `challenge.ts` and a configuration. */
import {
  failuresPerLockout, lastLockoutMs, lockoutsMs, maximumFailures, trustedDeviceAllowance, windowsMs
} from '../../src/domain/auth/challenge-records.ts'

export interface OddsRules {
  /** Number of digits. */
  codeLength: number
  /** SMS to one number; 0 for any number. */
  sendsPerHour: number
  sendsPerDay: number
}

/** An attack on one number, from any number of addresses. */
export interface Attack {
  /** Duration from the first SMS, in days of 24 hours; at most 400, because failures expire then. */
  days: number
  /** Number of logins of the owner during the attack, which reset the failures; `Infinity`: as many as the number receives SMS. */
  logins: number
  /** Trusted devices that the owner logs in with. Strangers can guess the codes of their SMS too. */
  ownDevices: number
  /** Device tokens that the attacker has stolen. */
  stolenDevices: number
}

export interface Odds {
  /** Answers that are compared with a live code. */
  guesses: number
  /** Chance of taking over the account, from 0 to 1. */
  chance: number
}

/** A year has 365 days. */
export const daysPerYear = 365

/**
 * Returns upper bounds of the guesses and of the chance of any attacker.
 *
 * The guesses that count for the number have two bounds, and the lower one holds. Its lockouts are the first bound: each login
 * starts a new row of failures, and every five of a row start the next lockout. Its SMS are the second bound: a code ends with the
 * fifth failure since a login or with the login itself, so an SMS allows at most five failures, for all purposes together.
 * A stolen device token adds the guesses of its allowance, also while the number is locked or closed.
 *
 * Every code is equally likely and created for one challenge, so each guess is right with a chance of 10^-length, and the sum
 * over all of them (the union bound) is no less than the chance that any is right. Five different guesses at each of
 * independent codes come to 1 - (1 - 5/10^length)^(guesses/5), which is a little less.
 *
 * Days are counted from the first SMS, as in the windows of SMS. Everything starts again when an operator unlocks the number,
 * and when a store loses its records.
 */
export function guessOdds (rules: OddsRules, { days, logins, ownDevices, stolenDevices }: Attack): Odds {
  const codes = days * (smsPerDay(rules) + trustedDeviceAllowance.sends * (ownDevices + stolenDevices))
  const rows = Math.min(logins, codes) + 1
  const counted = failuresPerLockout * Math.min(codes, countRowsOfFive(days * windowsMs.day, rows))
  const guesses = counted + days * trustedDeviceAllowance.guesses * stolenDevices
  return { guesses, chance: Math.min(1, guesses / 10 ** rules.codeLength) }
}

function smsPerDay ({ sendsPerHour, sendsPerDay }: OddsRules): number {
  const byHour = sendsPerHour > 0 ? sendsPerHour * windowsMs.day / windowsMs.hour : Infinity
  return Math.min(byHour, sendsPerDay > 0 ? sendsPerDay : Infinity)
}

/**
 * Counts how often five failures fit into a time that logins divide into rows, at the best moments for the attacker. The first five
 * failures of a row take no time, each further five take a lockout, and the shortest lockouts are used first.
 */
function countRowsOfFive (lengthMs: number, rows: number): number {
  let rowsOfFive = rows
  let remainingMs = lengthMs
  for (let lockout = 0; lockout < maximumFailures / failuresPerLockout - 1; lockout++) {
    const lockoutMs = lockoutsMs[lockout] ?? lastLockoutMs
    const spent = Math.min(rows, Math.ceil(remainingMs / lockoutMs) - 1)
    rowsOfFive += spent
    remainingMs -= spent * lockoutMs
  }
  return rowsOfFive
}
