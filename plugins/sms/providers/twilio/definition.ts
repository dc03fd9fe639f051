import { defineProvider } from '../definition.ts'
import { findAccount } from './account.ts'
import { createFeedback } from './feedback.ts'
import { findWhatsAppSender, rules, settings } from './settings.ts'
import { findCallbackBaseOf } from './status-callback.ts'

const noReceiptsWarning = 'TWILIO_API_KEY is not set: without the auth token the receipts of Twilio cannot be verified, so none are ' +
  'requested, and deliveries stay `sent`'

/** Twilio, or the carrier emulator without TWILIO_SID: SMS, and WhatsApp if configured, with receipts and message feedback. */
export const twilio = defineProvider({
  name: 'twilio',
  settings,
  rules,
  channels: (values) => findWhatsAppSender(values) === undefined ? ['sms'] : ['sms', 'whatsapp'],
  usesEmulator: ({ accountSid }) => accountSid === undefined,
  async create (fastify, values) {
    const { createTwilioProvider } = await import('./provider.ts')
    const account = findAccount(values, fastify.carrier)
    const hasReceipts = account.authToken !== undefined
    if (!hasReceipts) fastify.log.warn(noReceiptsWarning)
    let callbackBase: string | undefined
    return createTwilioProvider({
      settings: values,
      account,
      now: fastify.clock.now,
      proxies: fastify.config.outbound,
      // The base is final once the service listens. Looking up the address costs a system call, so it is not repeated for each SMS.
      findCallbackBase: () => hasReceipts ? (callbackBase ??= findCallbackBaseOf(fastify, values)) : undefined
    })
  },
  async createReceiptSource (fastify, values) {
    const { createReceiptSource } = await import('./receipts.ts')
    return createReceiptSource(fastify, values)
  },
  createFeedback
})
