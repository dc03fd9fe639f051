import fp from 'fastify-plugin'
import { Counter } from 'prom-client'
import { toCurrentSpelling } from '../../src/domain/auth/earlier-spellings.ts'
import { maskPhone, type E164 } from '../../src/domain/auth/phone.ts'

/**
 * The audit events. A new one is added here, recorded by a call of `securityLog.record`, and listed in docs/security.md, which a
 * test compares with this list. Alerts and dashboards rely on the names, so they are never changed.
 */
export const securityEvents = [
  /** An SMS with a code was queued. */
  'otp.sent',
  /** A code was requested while the last one was still valid. */
  'otp.repeated',
  /** A request or an answer was refused; `reason` names the rule. */
  'otp.refused',
  /** An answer was a wrong, expired, replaced or never-issued code. */
  'otp.failed',
  /** An answer was the right code of a challenge that was used before; it is not counted. */
  'otp.used',
  /** The code was right, but a new account needs a name. */
  'otp.name_required',
  'otp.verified',
  'account.created',
  'account.changed',
  'account.exported',
  'account.deleted',
  /** Another account took the number over; `count` sessions ended. The account is deleted 30 days later. */
  'account.released',
  'login.succeeded',
  /** Sessions of a user were ended. */
  'session.ended',
  'phone_change.requested',
  'phone_change.completed',
  'phone_change.cancelled',
  /** The code for a change was right, but another account has the number; the code is kept. */
  'phone_change.taken',
  /** An operator unlocked a closed number. */
  'phone.unlocked'
] as const

export type SecurityEvent = typeof securityEvents[number]

export interface SecurityEventDetails {
  phone?: E164
  userId?: number
  /** The rule that refused: `locked`, `too_soon`, `limited` or the name of a rate limit. */
  reason?: string
  /** Number of sessions that ended. */
  count?: number
  isTest?: boolean
}

export interface SecurityLog {
  /** Writes one log line at `info` with the field `event`, and increments `cheershare_security_events_total`. */
  record (event: SecurityEvent, details?: SecurityEventDetails): void
}

declare module 'fastify' {
  interface FastifyInstance { securityLog: SecurityLog }
}

/** Logs and counts audit events. A number appears masked and as its keyed hash, never in full. */
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
    record (event, { phone: given, ...details } = {}) {
      const phone = given === undefined ? undefined : toCurrentSpelling(given)
      counter.inc({ event, is_test: String(details.isTest === true) })
      const number = phone === undefined ? {} : { phone: maskPhone(phone), phoneHash: secrets.hashPhone(phone) }
      log.info({ event, ...number, ...details }, 'security event')
    }
  })
}, { name: 'security-events', dependencies: ['metrics', 'secrets'], fastify: '5.x' })
