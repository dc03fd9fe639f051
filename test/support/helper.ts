import { randomInt } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Test } from 'tap'
import type { Clock } from '../../src/process/clock.ts'
import { loadConfig } from '../../src/config/index.ts'
import { rateLimits } from '../../src/domain/auth/limits.ts'
import { buildInstance } from '../../src/process/instance.ts'
import { createDatabase } from './databases.ts'
import { failTest, watchAnswers } from './document/watch-answers.ts'
import { until } from './polling.ts'

// Fastify announces each instance before its plugins are registered, so the service needs no code for this check.
subscribe('fastify.initialization', (message) => { watchAnswers((message as { fastify: FastifyInstance }).fastify, failTest) })

type Environment = Record<string, string | undefined>

export interface TestClock extends Clock {
  advance (milliseconds: number): void
  /** Number of callers that wait for the clock. */
  readonly sleeping: number
}

/** Creates a clock that stands still until the test advances it, which wakes sleepers whose time has come. */
export function createClock (start = Date.now()): TestClock {
  let now = start
  let sleepers: Array<{ end: number, wake: () => void }> = []
  return {
    isSimulated: true,
    now: () => now,
    sleep: (milliseconds) => new Promise((resolve) => { sleepers.push({ end: now + milliseconds, wake: resolve }) }),
    advance (milliseconds) {
      now += milliseconds
      const due = sleepers.filter(({ end }) => end <= now)
      sleepers = sleepers.filter(({ end }) => end > now)
      for (const { wake } of due) wake()
    },
    get sleeping () { return sleepers.length }
  }
}

/** Turns the rate limits off, because a test sends many SMS from one address. Tests about limits set their own. */
const noLimits = Object.fromEntries(rateLimits.map(({ setting }) => [setting, '0']))

/**
 * A loaded machine may give a process less than a second of processor time within a second, so tests wait longer for
 * their dependencies.
 */
export const longDeadlines = { DEPENDENCY_TIMEOUT_MS: '20000' }
/** Timeouts for tests about the deadlines themselves: short, but long enough for a reply on a loaded machine. */
export const shortDeadlines = { DEPENDENCY_TIMEOUT_MS: '2500' }

/** Creates the environment of a test: a separate database and data folder, no logs, and only the limits of a number. */
export async function createEnvironment (t: Test, overrides: Environment = {}): Promise<Environment> {
  const database = 'DATABASE_URL' in overrides ? {} : { DATABASE_URL: await createDatabase(t) }
  return { DATA_DIR: t.testdir(), LOG_LEVEL: 'silent', SHUTDOWN_SMS_SECONDS: '5', ...longDeadlines, ...noLimits, ...database, ...overrides }
}

export interface BuildOptions {
  env?: Environment
  clock?: Clock
  stopSignal?: AbortSignal
}

/** Builds the real service, with memory stores unless `env` names a Redis. It is closed after the test. */
export async function build (t: Test, { env, ...options }: BuildOptions = {}): Promise<FastifyInstance> {
  const config = loadConfig(await createEnvironment(t, env))
  const app = await buildInstance({ config, ...options })
  t.teardown(async () => { await app.close() })
  return app
}

/** Creates a random Indian mobile number; all numbers of +91 98 are mobile. */
export function createPhone (): string {
  return `+9198${randomInt(10_000_000, 99_999_999)}`
}

export interface JsonReply { status: number, body: Record<string, unknown>, headers: Record<string, unknown> }

export async function postJson (app: FastifyInstance, url: string, payload: object, options: InjectOptions = {}): Promise<JsonReply> {
  const response = await app.inject({ method: 'POST', url, payload, ...options })
  return { status: response.statusCode, body: response.json(), headers: response.headers }
}

/** Waits for the SMS with this count to a number and returns the code of the newest one. */
export async function readCode (app: FastifyInstance, phone: string, count = 1): Promise<string> {
  const received = () => app.carrier?.messages({ to: phone }) ?? []
  await until(`SMS ${count} to ${phone} arrives`, () => received().length >= count)
  return /\d{4,10}/.exec(received()[0]?.body ?? '')?.[0] ?? ''
}

export interface Session { token: string, userId: number, phone: string, authorization: string, deviceToken: string }

export interface SignUpOptions {
  phone?: string
  name?: string
  /** Number of sign-ins of the phone number including this one, which tells the SMS with the code. */
  count?: number
  /** Address and headers of the client. */
  from?: Pick<InjectOptions, 'remoteAddress' | 'headers'>
}

/** Signs a user up, or in again, through the public routes. */
export async function signUp (
  app: FastifyInstance, { phone = createPhone(), name = 'Asha', count = 1, from = {} }: SignUpOptions = {}
): Promise<Session> {
  await postJson(app, '/signup', { name, phone_number: phone })
  const { status, body } = await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone, count) }, from)
  if (status !== 200) throw new Error(`sign-up failed: ${JSON.stringify(body)}`)
  const { token, data, device_token: deviceToken } = body as { token: string, data: { id: number }, device_token: string }
  return { token, userId: data.id, phone, authorization: `Bearer ${token}`, deviceToken }
}
