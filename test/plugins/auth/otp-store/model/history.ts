/**
 * An event of one number. The current state is computed from the log of all events each time, so there is no counter that
 * could be wrong in the same way as that of a store. All times are milliseconds since the epoch, all lengths milliseconds.
 */
export type PhoneEvent =
  /** `device` is set if the SMS used the allowance of that device. */
  | { kind: 'sms', at: number, device?: string | undefined }
  /** A wrong answer is a failure if a challenge was live, and otherwise a miss. */
  | { kind: 'failure' | 'miss', at: number }
  | { kind: 'allowance guess', at: number, device: string }
  | { kind: 'success', at: number, device?: string | undefined }
  | { kind: 'unlock', at: number }
  /** The resend cooldown ends. */
  | { kind: 'no cooldown', at: number }

export interface Limits { resendMs: number, sendsPerHour: number, sendsPerDay: number }

const second = 1000
const hour = 3600 * second
const day = 24 * hour
const lockouts = [30 * second, 300 * second, hour, day]

/** A number is closed after this many failures in a row. */
const closedAfter = 100

/** Returns the events after the last pause of at least `memory`; the time since the last event is a pause too. */
function afterLastPause (row: PhoneEvent[], memory: number, now: number): PhoneEvent[] {
  const pause = row.findLastIndex(({ at }, index) => (row[index + 1]?.at ?? now) - at >= memory)
  return row.slice(pause + 1)
}

/** Returns the events in the current window; the first event after a window opens the next one. */
function inWindow (row: PhoneEvent[], length: number, now: number): PhoneEvent[] {
  let start = -Infinity
  for (const { at } of row) if (at - start >= length) start = at
  return now - start >= length ? [] : row.filter(({ at }) => at >= start)
}

export function createHistory ({ resendMs, sendsPerHour, sendsPerDay }: Limits) {
  const log: PhoneEvent[] = []
  const since = (...kind: Array<PhoneEvent['kind']>) => log.slice(log.findLastIndex((event) => kind.includes(event.kind)) + 1)
  const countsForNumber = (event: PhoneEvent) => event.kind === 'sms' && event.device === undefined
  const cooldownAfter = (smsBefore: number) => resendMs * ([1, 2, 4][smsBefore - 1] ?? 10)

  /** Returns the wrong answers in a row, which only a success, an operator or a long pause ends. */
  function row (kind: 'failure' | 'miss', now: number): PhoneEvent[] {
    const memory = kind === 'failure' ? 400 * day : hour
    return afterLastPause(since('success', 'unlock').filter((event) => event.kind === kind), memory, now)
  }

  /** Every fifth wrong answer in a row starts a lockout, each longer than the one before. */
  function lockoutEnd (kind: 'failure' | 'miss', now: number): number {
    const wrong = row(kind, now)
    const lockoutCount = Math.floor(wrong.length / 5)
    return (wrong[5 * lockoutCount - 1]?.at ?? -Infinity) + (lockouts[lockoutCount - 1] ?? day)
  }

  /** Returns when a full SMS window ends, or -Infinity if it is not full. */
  function fullUntil (length: number, limit: number, now: number): number {
    const sms = inWindow(since('unlock').filter(countsForNumber), length, now)
    return limit > 0 && sms.length >= limit ? (sms[0]?.at ?? 0) + length : -Infinity
  }

  return {
    add (event: PhoneEvent) { log.push(event) },
    failures: (now: number) => row('failure', now).length,
    isClosed: (now: number) => row('failure', now).length >= closedAfter,
    /** Returns when the lockout of the number ends, or undefined without a lockout. */
    lockedUntil (now: number): number | undefined {
      if (this.isClosed(now)) return now + day
      const until = Math.max(lockoutEnd('failure', now), lockoutEnd('miss', now))
      return until > now ? until : undefined
    },
    /** The cooldown grows with each SMS since a success or an hour without SMS, and is at most an hour. */
    cooldownUntil (now: number): number {
      const sms = afterLastPause(since('success', 'unlock').filter(countsForNumber), hour, now)
      const last = since('no cooldown').filter(countsForNumber).at(-1)
      return last === undefined || !sms.includes(last) ? -Infinity : last.at + Math.min(cooldownAfter(sms.length), hour)
    },
    limitedUntil: (now: number) => Math.max(fullUntil(hour, sendsPerHour, now), fullUntil(day, sendsPerDay, now)),
    /** A known device has three SMS and five guesses a day. A success with it ends its cooldown but restores neither. */
    getAllowance (device: string, now: number) {
      const ofDevice = log.filter((event) => 'device' in event && event.device === device)
      const used = inWindow(ofDevice.filter(({ kind }) => kind !== 'success'), day, now)
      const sms = used.filter(({ kind }) => kind === 'sms')
      const last = ofDevice.findLast(({ kind }) => kind !== 'allowance guess')
      const cooldownUntil = last === undefined || !sms.includes(last) ? -Infinity : last.at + Math.min(cooldownAfter(sms.length), hour)
      return { sms: 3 - sms.length, guesses: 5 - used.length + sms.length, cooldownUntil }
    }
  }
}

export type History = ReturnType<typeof createHistory>
