/** How far guessing can get with one number under the rules of `challenge.ts`: upper bounds, computed from what is configured. */
import { failuresPerLockout, maximumFailures, trustedDeviceAllowance, lockoutsMs, windowsMs } from '../../src/domain/auth/challenge-records.ts'

export interface OddsRules {
  /** Digits. */
  codeLength: number
  /** SMS to one number; 0 for any number. */
  sendsPerHour: number
  sendsPerDay: number
}

/** What happens around a number that is attacked from any number of addresses. */
export interface Siege {
  /** From the first SMS on, in whole days of 24 hours; up to 400, as failures are forgotten then. */
  days: number
  /** How often the owner logs in meanwhile, each time forgiving all failures; `Infinity` for as often as the number gets an SMS. */
  logins: number
  /** Known devices that the owner logs in with. Their own SMS are codes that strangers can guess at too. */
  ownDevices: number
  /** Device tokens in the attacker's hands. */
  stolenDevices: number
}

export interface Odds {
  /** Answers that a live code is compared with. */
  guesses: number
  /** Of taking the number over, from 0 to 1. */
  chance: number
}

/** A year is 365 days. */
export const daysPerYear = 365

/**
 * No attacker makes more guesses than this, nor has a better chance.
 *
 * The guesses that count for the number are bounded twice, and the lower bound holds. By its waits: each login allows
 * a row of failures anew, of which every five take the next wait. By its SMS: a code ends with the fifth failure since
 * a login or with the login itself, so no more than five failures come to an SMS, whatever the purposes of the codes.
 * A stolen token adds the guesses of its trustedDeviceAllowance, which go on while the number is locked or closed.
 *
 * Every code is equally likely and made anew for each challenge, so each guess is right with 10^-length, and the sum
 * over all of them (the union bound) is no less than the chance that any is right. Five different guesses at each of
 * independent codes come to 1 - (1 - 5/10^length)^(guesses/5), which is a little less.
 *
 * Days count from the first SMS, as the windows of SMS do. When an operator unlocks the number, or a store loses what
 * it keeps, everything begins anew.
 */
export function guessOdds (rules: OddsRules, { days, logins, ownDevices, stolenDevices }: Siege): Odds {
  const codes = days * (smsPerDay(rules) + trustedDeviceAllowance.sends * (ownDevices + stolenDevices))
  const rows = Math.min(logins, codes) + 1
  const counted = failuresPerLockout * Math.min(codes, fivesWithin(days * windowsMs.day, rows))
  const guesses = counted + days * trustedDeviceAllowance.guesses * stolenDevices
  return { guesses, chance: Math.min(1, guesses / 10 ** rules.codeLength) }
}

function smsPerDay ({ sendsPerHour, sendsPerDay }: OddsRules): number {
  const byHour = sendsPerHour > 0 ? sendsPerHour * windowsMs.day / windowsMs.hour : Infinity
  return Math.min(byHour, sendsPerDay > 0 ? sendsPerDay : Infinity)
}

/**
 * How often five failures fit into a time that is cut into so many rows by logins, at whatever moments suit the
 * attacker. The first five of a row cost no time, the next ones a wait each, and the shortest waits are spent first.
 */
function fivesWithin (lengthMs: number, rows: number): number {
  let fives = rows
  let rest = lengthMs
  for (let wait = 0; wait < maximumFailures / failuresPerLockout - 1; wait++) {
    const waitMs = lockoutsMs[wait] ?? lockoutsMs[3]
    const taken = Math.min(rows, Math.ceil(rest / waitMs) - 1)
    fives += taken
    rest -= taken * waitMs
  }
  return fives
}
