import { isCalendarDate } from '../creatives/schedule.ts'
import { parsePhone, type E164 } from './phone.ts'
import { codeDigits, parseCode, readTyped } from './typed-text.ts'

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
  const [typed = '', typedCode = '', date = '', ...rest] = entry.split(':').map(readTyped)
  const phone = typed.startsWith('+') ? parsePhone(typed, 'ZZ') : undefined
  if (phone?.kind !== 'valid') {
    throw new TypeError('each entry begins with a mobile number in international form, such as +918123456789')
  }
  const { e164: number } = phone
  const code = parseCode(typedCode)
  if (code === undefined) {
    throw new TypeError(`${number} needs a code of ${codeDigits.minimum} to ${codeDigits.maximum} digits after its first colon`)
  }
  if (!isCalendarDate(date) || rest.length > 0) throw new TypeError(`${number} needs its last day at the end, written YYYY-MM-DD`)
  return [number, { code, endsAt: Date.parse(`${date}T00:00:00Z`) + dayMs }]
}
