import type { Secrets } from '../../../platform/secrets.ts'
import { authenticateText } from '../../../../src/domain/auth/keyring.ts'

/** Keys of the queue in Redis. */
export interface QueueKeys {
  /** Stream of the jobs that wait or are in flight: one field `job`, JSON of `QueuedSms`. */
  jobs: string
  /** Sorted set of the jobs that pause: the same JSON, scored by the moment at which they are due, milliseconds since the epoch. */
  delayed: string
  /** Beginning of the keys of the markers, each of which says that a job was queued again. */
  again: string
  /** Beginning of the keys of BullMQ, which kept the queue in earlier versions. */
  previous: string
}

/** Consumer group of all workers. */
export const group = 'workers'

/**
 * Returns the keys of the queue of these secrets. The braces put them on one node of a Redis Cluster. Services with other secrets
 * use another queue in the same Redis: they could not read the jobs of this one, and would drop them.
 */
export function createQueueKeys ({ phoneHashKey }: Pick<Secrets, 'phoneHashKey'>): QueueKeys {
  const prefix = `{sms-${authenticateText(phoneHashKey, ['sms queue']).slice(0, 8)}}`
  return { jobs: `${prefix}:jobs`, delayed: `${prefix}:delayed`, again: `${prefix}:again`, previous: `${prefix}:sms:` }
}
