import type { FastifyInstance } from 'fastify'
import { findProxy } from '../../../../src/http/outbound-proxy.ts'
import type { FeedbackReporter } from '../definition.ts'
import { createPoster } from '../http-poster.ts'
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
  const form = new URLSearchParams({ Outcome: 'confirmed' })
  const proxies = fastify.config.outbound
  const poster = createPoster({ timeoutMs, proxies })
  fastify.addHook('onClose', poster.close)
  return async (messageId) => {
    const url = `${baseUrl}/2010-04-01/Accounts/${sid}/Messages/${encodeURIComponent(messageId)}/Feedback.json`
    if (findProxy(new URL(url), proxies) !== undefined) {
      const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
      return (await poster.post(new URL(url), { headers, body: form.toString() })).status
    }
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization },
      body: form,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs)
    })
    await response.text()
    return response.status
  }
}
