/**
 * What happened to one number, as a log. What holds now is derived from it anew each time: there is no counter that
 * could be wrong in the same way as the store's. All times are milliseconds since the epoch, all lengths milliseconds.
 */
export type Happening =
  /** `device`: it went out of that device's reserve. */
  | { what: 'sms', at: number, device?: string | undefined }
  /** A wrong answer; a failure if a challenge was live, else a miss. */
  | { what: 'failure' | 'miss', at: number }
  | { what: 'allowance guess', at: number, device: string }
  | { what: 'success', at: number, device?: string | undefined }
  | { what: 'unlock', at: number }
  /** The next SMS may go out at once. */
  | { what: 'no cooldown', at: number }

export interface Limits { resendMs: number, sendsPerHour: number, sendsPerDay: number }

const second = 1000
const hour = 3600 * second
const day = 24 * hour
const waits = [30 * second, 300 * second, hour, day]

/** From 100 failures in a row on. */
const closedAfter = 100

/** Those of a row in which no pause is as long as `memory`, the one until now included. */
function unbroken (row: Happening[], memory: number, now: number): Happening[] {
  const pause = row.findLastIndex(({ at }, index) => (row[index + 1]?.at ?? now) - at >= memory)
  return row.slice(pause + 1)
}

/** Those that are in the window of now; the first happening outside of any window opens the next one. */
function inWindow (row: Happening[], length: number, now: number): Happening[] {
  let start = -Infinity
  for (const { at } of row) if (at - start >= length) start = at
  return now - start >= length ? [] : row.filter(({ at }) => at >= start)
}

export function createHistory ({ resendMs, sendsPerHour, sendsPerDay }: Limits) {
  const log: Happening[] = []
  const since = (...what: Array<Happening['what']>) => log.slice(log.findLastIndex((happening) => what.includes(happening.what)) + 1)
  const ofNumber = (happening: Happening) => happening.what === 'sms' && happening.device === undefined
  const cooldownAfter = (smsBefore: number) => resendMs * ([1, 2, 4][smsBefore - 1] ?? 10)

  /** Wrong answers in a row: only a success, an operator or a long time ends it. */
  function row (what: 'failure' | 'miss', now: number): Happening[] {
    const memory = what === 'failure' ? 400 * day : hour
    return unbroken(since('success', 'unlock').filter((happening) => happening.what === what), memory, now)
  }

  /** Every fifth wrong answer in a row starts a wait, each longer than the one before. */
  function waitOf (what: 'failure' | 'miss', now: number): number {
    const wrong = row(what, now)
    const fives = Math.floor(wrong.length / 5)
    return (wrong[5 * fives - 1]?.at ?? -Infinity) + (waits[fives - 1] ?? day)
  }

  /** An SMS window that is full. */
  function fullUntil (length: number, limit: number, now: number): number {
    const sms = inWindow(since('unlock').filter(ofNumber), length, now)
    return limit > 0 && sms.length >= limit ? (sms[0]?.at ?? 0) + length : -Infinity
  }

  return {
    add (happening: Happening) { log.push(happening) },
    failures: (now: number) => row('failure', now).length,
    isClosed: (now: number) => row('failure', now).length >= closedAfter,
    /** Until when the number is locked, if it is. */
    lockedUntil (now: number): number | undefined {
      if (this.isClosed(now)) return now + day
      const until = Math.max(waitOf('failure', now), waitOf('miss', now))
      return until > now ? until : undefined
    },
    /** Gaps grow with the SMS since a success or a quiet hour, which is also the longest gap. */
    cooldownUntil (now: number): number {
      const sms = unbroken(since('success', 'unlock').filter(ofNumber), hour, now)
      const last = since('no cooldown').filter(ofNumber).at(-1)
      return last === undefined || !sms.includes(last) ? -Infinity : last.at + Math.min(cooldownAfter(sms.length), hour)
    },
    limitedUntil: (now: number) => Math.max(fullUntil(hour, sendsPerHour, now), fullUntil(day, sendsPerDay, now)),
    /** A known device has three SMS and five guesses a day; a success with it ends its gap, and nothing gives them back. */
    allowanceOf (device: string, now: number) {
      const ofDevice = log.filter((happening) => 'device' in happening && happening.device === device)
      const used = inWindow(ofDevice.filter(({ what }) => what !== 'success'), day, now)
      const sms = used.filter(({ what }) => what === 'sms')
      const last = ofDevice.findLast(({ what }) => what !== 'allowance guess')
      const cooldownUntil = last === undefined || !sms.includes(last) ? -Infinity : last.at + Math.min(cooldownAfter(sms.length), hour)
      return { sms: 3 - sms.length, guesses: 5 - used.length + sms.length, cooldownUntil }
    }
  }
}

export type History = ReturnType<typeof createHistory>
