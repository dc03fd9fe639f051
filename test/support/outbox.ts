import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Test } from 'tap'
import carrier from '../../plugins/sms/carrier.ts'
import deliveries from '../../plugins/sms/deliveries/index.ts'
import health from '../../plugins/platform/health.ts'
import metrics from '../../plugins/platform/metrics/index.ts'
import otp from '../../plugins/auth/otp.ts'
import otpStore from '../../plugins/auth/otp-store/index.ts'
import redis from '../../plugins/platform/redis/index.ts'
import secrets from '../../plugins/platform/secrets.ts'
import sms from '../../plugins/sms/providers/index.ts'
import type { OutgoingMessage } from '../../plugins/sms/providers/contract.ts'
import smsDelivery from '../../plugins/sms/delivery.ts'
import smsMetrics from '../../plugins/sms/metrics.ts'
import smsOutbox, { type CodeJob, type OutboxOptions } from '../../plugins/sms/outbox/index.ts'
import smsTexts from '../../plugins/sms/texts.ts'
import { deliveryIdOf } from '../../src/domain/sms/delivery-id.ts'
import { compose, type ComposeOptions } from './compose.ts'
import { serviceUrl } from './databases.ts'
import { createPhone } from './helper.ts'
import { until } from './polling.ts'

const plugins = [metrics, smsMetrics, health, secrets, redis, otpStore, otp, deliveries, carrier, sms, smsTexts, smsDelivery]

/** Creates the environment that the instances of one service share: a Redis, and new secrets. */
export function share (): Record<string, string> {
  const createSecret = () => randomBytes(24).toString('hex')
  return { REDIS_URL: serviceUrl('TEST_REDIS_URL'), APP_SECRET: createSecret(), PHONE_HASH_SECRET: createSecret() }
}

/** Builds an instance with the plugins that send SMS. */
export async function openOutbox (t: Test, { times, ...options }: ComposeOptions & OutboxOptions = {}) {
  const outbox = fp(async (fastify) => { await fastify.register(smsOutbox, times === undefined ? {} : { times }) })
  return await compose(t, [...plugins, outbox], options)
}

/** Starts a challenge, and returns the job of its SMS. */
export async function challenge (app: FastifyInstance, phone = createPhone(), name = 'Asha'): Promise<CodeJob> {
  const outcome = await app.otp.request({ phone, name })
  if (outcome.kind !== 'sent') throw new Error(`no SMS is due: ${outcome.kind}`)
  const { challengeId, sendAttempt: send } = outcome
  return { challengeId, send, deliveryId: deliveryIdOf(app.secrets.phoneHashKey, challengeId, send) }
}

/** A carrier call that the test completes. */
export interface HeldCall {
  message: OutgoingMessage
  resolve (): void
  reject (error: Error): void
}

/** Replaces the providers; the test completes each call. */
export function holdSends (t: Test, app: FastifyInstance): HeldCall[] {
  const calls: HeldCall[] = []
  t.intercept(app.sms, 'send', {
    value: async (message: OutgoingMessage) => {
      const { promise, resolve, reject } = Promise.withResolvers<{ provider: string, messageId: string }>()
      calls.push({ message, resolve: () => resolve({ provider: 'twilio', messageId: `SM${calls.length}` }), reject })
      return await promise
    }
  })
  return calls
}

/** Replaces the providers by one that accepts every message. */
export function acceptAll (t: Test, app: FastifyInstance): OutgoingMessage[] {
  const accepted: OutgoingMessage[] = []
  t.intercept(app.sms, 'send', {
    value: async (message: OutgoingMessage) => ({ provider: 'twilio', messageId: `SM${accepted.push(message)}` })
  })
  return accepted
}

/** Reads the values of `cheershare_sms_total`, by outcome. */
export async function countsOf ({ metrics: { registry } }: FastifyInstance): Promise<Record<string, number>> {
  const { values } = await registry.getSingleMetric('cheershare_sms_total')?.get() ?? { values: [] }
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels['outcome']), value]))
}

/** Returns the counts of all outcomes; outcomes that are left out are 0. */
export const counts = (some: Record<string, number>) => ({ sent: 0, retried: 0, failed: 0, dropped: 0, abandoned: 0, ...some })

export async function untilCounted (app: FastifyInstance, outcome: string, count = 1): Promise<void> {
  await until(`${count} SMS ${outcome}`, async () => (await countsOf(app))[outcome] === count)
}
