import type { FastifyInstance } from 'fastify'
import type { FeedbackReporter } from '../definition.ts'
import { findAccount } from './account.ts'
import type { TwilioSettings } from './settings.ts'

/** Limit of the whole call. A shutdown waits for it. */
const timeoutMs = 2000

/**
 * Reports used codes to Twilio if TWILIO_MESSAGE_FEEDBACK is on. Twilio uses the feedback to choose its routes.
 * @see https://www.twilio.com/docs/messaging/api/message-feedback-resource
 */
export function createFeedback (fastify: FastifyInstance, settings: TwilioSettings): FeedbackReporter | undefined {
  if (!settings.sendsFeedback) return undefined
  const { sid, authorization, baseUrl = 'https://api.twilio.com' } = findAccount(settings, fastify.carrier)
  return async (messageId) => {
    const response = await fetch(`${baseUrl}/2010-04-01/Accounts/${sid}/Messages/${encodeURIComponent(messageId)}/Feedback.json`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ Outcome: 'confirmed' }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs)
    })
    await response.text()
    return response.status
  }
}
