import { isCalendarDate } from '../creatives/schedule.ts'
import { parsePhone, type E164 } from './phone.ts'

/** A number for app-store reviewers and test suites: its code is fixed, and no SMS is sent. */
export interface TestNumber {
  code: string
  /** End of the last day in UTC, in milliseconds since the epoch. Its sessions end then too. */
  endsAt: number
}

/** Stored in place of the name of a provider for codes that no SMS carries. */
export const testProvider = 'test'

const dayMs = 86_400_000

/**
 * Parses `+918123456789:123456:2026-12-31`: number, code of 4 to 10 digits, last day.
 * @throws {TypeError} naming the problem without the code
 */
export function parseTestNumber (entry: string): [E164, TestNumber] {
  const [number = '', code = '', date = '', ...rest] = entry.split(':').map((part) => part.trim())
  const phone = parsePhone(number, 'ZZ')
  if (!number.startsWith('+') || phone.kind !== 'valid' || phone.e164 !== number) {
    throw new TypeError('each entry begins with a mobile number in international form without spaces, such as +918123456789')
  }
  if (!/^\d{4,10}$/.test(code)) throw new TypeError(`${number} needs a code of 4 to 10 digits after its first colon`)
  if (!isCalendarDate(date) || rest.length > 0) throw new TypeError(`${number} needs its last day at the end, written YYYY-MM-DD`)
  return [phone.e164, { code, endsAt: Date.parse(`${date}T00:00:00Z`) + dayMs }]
}
