import { defineProvider } from '../definition.ts'
import { findAccount } from './account.ts'
import { createFeedback } from './feedback.ts'
import { findWhatsAppSender, rules, settings } from './settings.ts'
import { findCallbackBaseOf } from './status-callback.ts'

/** Twilio, or the carrier emulator without TWILIO_SID: SMS, and WhatsApp if configured, with receipts and message feedback. */
export const twilio = defineProvider({
  name: 'twilio',
  settings,
  rules,
  channels: (values) => findWhatsAppSender(values) === undefined ? ['sms'] : ['sms', 'whatsapp'],
  usesEmulator: ({ accountSid }) => accountSid === undefined,
  async create (fastify, values) {
    const { createTwilioProvider } = await import('./provider.ts')
    let callbackBase: string | undefined
    return createTwilioProvider({
      settings: values,
      account: findAccount(values, fastify.carrier),
      now: fastify.clock.now,
      // The base is final once the service listens. Looking up the address costs a system call, so it is not repeated for each SMS.
      findCallbackBase: () => (callbackBase ??= findCallbackBaseOf(fastify, values))
    })
  },
  async createReceiptSource (fastify, values) {
    const { createReceiptSource } = await import('./receipts.ts')
    return createReceiptSource(fastify, values)
  },
  createFeedback
})
