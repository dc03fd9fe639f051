import fp from 'fastify-plugin'
import { Counter } from 'prom-client'
import { maskPhone, type E164 } from '../../src/domain/auth/phone.ts'

/** Names that alerts and dashboards rely on: they are never renamed. */
export const securityEvents = [
  /** An SMS with a code was queued. */
  'otp.sent',
  /** A code was asked for while the last SMS is still good. */
  'otp.repeated',
  /** A code was asked for or tried in vain; `reason` says which rule refused. */
  'otp.refused',
  /** A wrong, expired, used, replaced or never-issued code. */
  'otp.failed',
  /** The code was right, and the new account lacks a name. */
  'otp.name_required',
  'otp.verified',
  'account.created',
  'account.changed',
  'account.exported',
  'account.deleted',
  'login.succeeded',
  /** One session, several, or all of a user's were ended. */
  'session.ended',
  'phone_change.requested',
  'phone_change.completed',
  'phone_change.cancelled',
  /** A number that was closed may be tried again. */
  'phone.unlocked'
] as const

export type SecurityEvent = typeof securityEvents[number]

export interface SecurityEventDetails {
  phone?: E164
  userId?: number
  /** Which rule: `locked`, `too_soon`, `limited`, ... */
  reason?: string
  /** How many sessions, where several. */
  count?: number
  isTest?: boolean
}

export interface SecurityLog {
  /** One log line at `info` with the field `event`, and one count in `cheershare_security_events_total`. */
  record (event: SecurityEvent, details?: SecurityEventDetails): void
}

declare module 'fastify' {
  interface FastifyInstance { securityLog: SecurityLog }
}

/** Offers `securityLog`. A number is told by its mask and its keyed hash, never whole. */
export default fp(async (fastify) => {
  const { log, metrics, secrets } = fastify
  const counter = new Counter({
    name: 'cheershare_security_events_total',
    help: 'Security events by name; is_test for test numbers',
    labelNames: ['event', 'is_test'] as const,
    registers: [metrics.registry]
  })
  for (const event of securityEvents) counter.inc({ event, is_test: 'false' }, 0)

  fastify.decorate('securityLog', {
    record (event, { phone, ...details } = {}) {
      counter.inc({ event, is_test: String(details.isTest === true) })
      const number = phone === undefined ? {} : { phone: maskPhone(phone), phoneHash: secrets.hashPhone(phone) }
      log.info({ event, ...number, ...details }, 'security event')
    }
  })
}, { name: 'security-events', dependencies: ['metrics', 'secrets'], fastify: '5.x' })
