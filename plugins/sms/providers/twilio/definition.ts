import { defineProvider } from '../definition.ts'
import { findAccount } from './account.ts'
import { createFeedback } from './feedback.ts'
import { fields, findWhatsAppSender, validate } from './settings.ts'
import { findCallbackBaseOf } from './status-callback.ts'

/**
 * Twilio, or the carrier emulator without TWILIO_SID: SMS, and WhatsApp if configured, with receipts and message feedback.
 * The modules with the twilio package are loaded on demand: importing it takes about 0.3 s, which every command that only
 * reads the configuration would pay.
 */
export const twilio = defineProvider({
  name: 'twilio',
  fields,
  validate,
  channels: (settings) => findWhatsAppSender(settings) === undefined ? ['sms'] : ['sms', 'whatsapp'],
  usesEmulator: ({ TWILIO_SID: sid }) => sid === undefined,
  async create (fastify, settings) {
    const { createTwilioProvider } = await import('./provider.ts')
    let callbackBase: string | undefined
    return createTwilioProvider({
      settings,
      account: findAccount(settings, fastify.carrier),
      now: fastify.clock.now,
      // The base is final once the service listens. Looking up the address costs a system call, so it is not repeated for each SMS.
      findCallbackBase: () => (callbackBase ??= findCallbackBaseOf(fastify, settings))
    })
  },
  async createReceiptSource (fastify, settings) {
    const { createReceiptSource } = await import('./receipts.ts')
    return createReceiptSource(fastify, settings)
  },
  createFeedback
})
