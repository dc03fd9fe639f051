import type { Test } from 'tap'
import type { Limits, SendRequest } from '../../../plugins/auth/limits/index.ts'
import { RateLimitedError } from '../../../src/http/errors.ts'

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** The limits of one service, empty, and the time they live in. */
export interface World {
  /** One or more that share what they count. */
  instances: Limits[]
  /** Moves time. */
  pass (milliseconds: number): Promise<void>
}

/** `maxima` are variables without `LIMIT_`; the limits that are not named are off. */
export type OpenWorld = (t: Test, maxima: Record<string, number>) => Promise<World>

const variables = ['SENDS_PER_ADDRESS_HOUR', 'PHONES_PER_ADDRESS_HOUR', 'VERIFIES_PER_ADDRESS_HOUR', 'SENDS_PER_PREFIX', 'SENDS_PER_MINUTE', 'SENDS_PER_DAY']

export function environmentOf (maxima: Record<string, number>): Record<string, string> {
  return Object.fromEntries(variables.map((name) => [`LIMIT_${name}`, String(maxima[name] ?? 0)]))
}

export const address = '203.0.113.7'

/** Numbers that differ in their last 4 digits; each `prefix` has its own. */
export function phoneAt (index: number, prefix = 98765): string {
  return `+91${prefix}1${String(index).padStart(4, '0')}`
}

let turn = 0

/** The next instance, so that what holds for one holds for all. */
export function next ({ instances }: World): Limits {
  const instance = instances[turn++ % instances.length]
  if (instance === undefined) throw new Error('no instances')
  return instance
}

export async function send (world: World, request: Partial<SendRequest> = {}) {
  return await next(world).takeSend({ phone: phoneAt(0), address, ...request })
}

/** What came of it: `'taken'` or the limit that refused. */
export async function verdict (asked: Promise<unknown>): Promise<string> {
  try {
    await asked
    return 'taken'
  } catch (error) {
    if (error instanceof RateLimitedError) return error.limit
    throw error
  }
}

/** The seconds of a refusal. */
export async function retryAfter (asked: Promise<unknown>): Promise<number | undefined> {
  try {
    await asked
  } catch (error) {
    if (error instanceof RateLimitedError) return error.retryAfterSeconds
  }
  throw new Error('was not refused')
}

/** How often each verdict occurred among a hundred at once. */
export async function race (ask: (index: number) => Promise<unknown>): Promise<Record<string, number>> {
  const verdicts = await Promise.all(Array.from({ length: 100 }, async (_, index) => await verdict(ask(index))))
  const counts: Record<string, number> = {}
  for (const one of verdicts) counts[one] = (counts[one] ?? 0) + 1
  return counts
}
