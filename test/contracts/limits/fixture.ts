import type { Test } from 'tap'
import type { Limits, SendRequest } from '../../../plugins/auth/limits/index.ts'
import { rateLimits, type LimitSetting } from '../../../src/domain/auth/limits.ts'
import { RateLimitedError } from '../../../src/http/errors.ts'

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** The limits of one service without any counts, and its clock. */
export interface Fixture {
  /** One or more instances that share their counts. */
  instances: Limits[]
  /** Moves the clock forward. */
  pass (milliseconds: number): Promise<void>
}

/** `maxima` are settings without `LIMIT_`; the other limits are off. */
export type OpenFixture = (t: Test, maxima: Record<string, number>) => Promise<Fixture>

/** Returns the environment of a service with these limits. */
export function toEnvironment (maxima: Record<string, number>): Record<string, string> {
  return Object.fromEntries(rateLimits.map(({ setting }) => [setting, String(maxima[toName(setting)] ?? 0)]))
}

/** Returns the name of a setting without `LIMIT_`. */
export function toName (setting: LimitSetting): string {
  return setting.replace('LIMIT_', '')
}

export const address = '203.0.113.7'

/** Returns a phone number; the numbers of one `prefix` differ in their last 4 digits only. */
export function phoneAt (index: number, prefix = 98765): string {
  return `+91${prefix}1${String(index).padStart(4, '0')}`
}

let turn = 0

/** Returns the instances in turn, so that each property is tested across all of them. */
export function next ({ instances }: Fixture): Limits {
  const instance = instances[turn++ % instances.length]
  if (instance === undefined) throw new Error('no instances')
  return instance
}

export async function send (fixture: Fixture, request: Partial<SendRequest> = {}) {
  return await next(fixture).acquireSend({ phone: phoneAt(0), address, ...request })
}

/** Returns `'acquired'`, or the name of the limit that refused the request. */
export async function verdict (request: Promise<unknown>): Promise<string> {
  try {
    await request
    return 'acquired'
  } catch (error) {
    if (error instanceof RateLimitedError) return error.limit
    throw error
  }
}

/** Returns the seconds that a refusal reports; throws if the request was not refused. */
export async function retryAfter (request: Promise<unknown>): Promise<number | undefined> {
  try {
    await request
  } catch (error) {
    if (error instanceof RateLimitedError) return error.retryAfterSeconds
  }
  throw new Error('was not refused')
}

/** Counts the verdicts of a hundred concurrent requests. */
export async function race (request: (index: number) => Promise<unknown>): Promise<Record<string, number>> {
  const verdicts = await Promise.all(Array.from({ length: 100 }, async (_, index) => await verdict(request(index))))
  const counts: Record<string, number> = {}
  for (const one of verdicts) counts[one] = (counts[one] ?? 0) + 1
  return counts
}
