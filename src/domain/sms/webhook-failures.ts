import type { SmsFailure } from './failures.ts'

const senderStatuses = new Set([401, 403, 404, 410])

/**
 * What an answer of an SMS gateway's that is no success means, by its HTTP status. Redirects are never followed: they
 * would lead around the check of the address.
 */
export function failureOfWebhook (status: number): SmsFailure {
  if (status === 429) return 'busy'
  if (status >= 500 || status === 408) return 'ambiguous'
  return senderStatuses.has(status) ? 'sender' : 'refused'
}
