import type { MessageListInstanceCreateOptions } from 'twilio/lib/rest/api/v2010/account/message.js'
import { SmsError, type OutgoingMessage, type SmsProvider } from '../contract.ts'
import { createPoster, PostError, type PosterOptions } from '../http-poster.ts'
import type { TwilioAccount } from './account.ts'
import { createMessages } from './messages.ts'
import { findWhatsAppSender, type TwilioSettings } from './settings.ts'
import { statusCallbackUrl } from './status-callback.ts'

export interface TwilioOptions extends PosterOptions {
  settings: TwilioSettings
  account: TwilioAccount
  /** Returns the URL at which receipts reach this service, without a slash at its end; while it is unknown, no receipts are requested. */
  findCallbackBase (): string | undefined
  now (): number
}

const name = 'twilio'
/** Twilio accepts 1 to 36,000 s and advises more than 5. */
const minimumValiditySeconds = 6
const maximumValiditySeconds = 36_000

/** Creates a provider that sends SMS, and WhatsApp if configured, by the twilio package to Twilio, TWILIO_API_BASE_URL or the emulator. */
export function createTwilioProvider (options: TwilioOptions): SmsProvider {
  const { settings, account, now } = options
  const poster = createPoster(options)
  const messages = createMessages({ poster, account, now })

  return {
    name,
    channels: findWhatsAppSender(settings) === undefined ? ['sms'] : ['sms', 'whatsapp'],
    close: poster.close,
    async send (message) {
      try {
        const { sid } = await messages.create(toParameters(message, options))
        // A server other than the carrier may reply with well-formed JSON.
        if (typeof sid !== 'string') throw new TypeError('the reply is not a message')
        return sid
      } catch (error) {
        throw toSmsError(error)
      }
    }
  }
}

function toParameters (message: OutgoingMessage, { settings, account, findCallbackBase }: TwilioOptions): MessageListInstanceCreateOptions {
  const { id, to, channel, text, validitySeconds } = message
  const callbackBase = findCallbackBase()
  const common = {
    validityPeriod: Math.min(maximumValiditySeconds, Math.max(minimumValiditySeconds, Math.round(validitySeconds))),
    ...(callbackBase === undefined ? {} : { statusCallback: statusCallbackUrl(callbackBase, id) }),
    ...(settings.sendsFeedback ? { provideFeedback: true } : {})
  }
  if (channel === 'whatsapp') return { ...common, ...toWhatsAppContent(message, settings) }
  const service = settings.messagingServiceSid
  const sender = service === undefined ? { from: String(account.sender) } : { messagingServiceSid: service }
  return { ...common, ...sender, to, body: text }
}

/** WhatsApp accepts codes only in approved templates, whose variable 1 is the code. */
function toWhatsAppContent ({ to, code }: OutgoingMessage, settings: TwilioSettings) {
  const sender = findWhatsAppSender(settings)
  if (sender === undefined || code === undefined) {
    throw new SmsError({ failure: 'refused', detail: 'no WhatsApp template for it', provider: name })
  }
  return {
    to: `whatsapp:${to}`, from: `whatsapp:${sender.from}`, contentSid: sender.contentSid, contentVariables: JSON.stringify({ 1: code })
  }
}

function toSmsError (error: unknown): SmsError {
  if (error instanceof SmsError) return error
  // The error for a reply that is not JSON quotes a piece of the reply, so it is replaced.
  if (!(error instanceof PostError)) return new SmsError({ failure: 'ambiguous', detail: 'no usable answer', provider: name })
  return new SmsError({ failure: error.hasLeft ? 'ambiguous' : 'unreachable', detail: error.message, provider: name })
}
