import twilio from 'twilio'
import type { MessageListInstanceCreateOptions } from 'twilio/lib/rest/api/v2010/account/message.js'
import type { Carrier } from '../../../../src/carrier/index.ts'
import type { Config } from '../../../../src/config/index.ts'
import { whatsAppOf } from '../../../../src/config/derived.ts'
import { statusCallbackUrl } from '../../../../src/domain/sms/twilio/status-callback.ts'
import { SmsError, type OutgoingMessage, type SmsProvider } from '../contract.ts'
import { createPoster, PostError, type PosterOptions } from '../http-poster.ts'
import { TwilioHttpClient } from './http-client.ts'

export interface TwilioOptions extends PosterOptions {
  config: Config
  /** The emulator, which then takes the messages. */
  carrier: Carrier | null
  /** Where receipts reach this service, without a slash at its end; none are asked for where it is unknown. */
  findPublicUrl (): string | undefined
  now (): number
}

const name = 'twilio'
/** Twilio takes 1 to 36,000 s and advises more than 5. */
const minimumValiditySeconds = 6
const maximumValiditySeconds = 36_000

/** The real twilio client, to Twilio, to TWILIO_API_BASE_URL or to the emulator; SMS, and WhatsApp where configured. */
export function createTwilioProvider (options: TwilioOptions): SmsProvider {
  const { config, carrier, now } = options
  const poster = createPoster(options)
  const httpClient = new TwilioHttpClient({ poster, baseUrl: carrier?.url ?? config.TWILIO_API_BASE_URL, now })
  const client = twilio(carrier?.accountSid ?? config.TWILIO_SID, carrier?.authToken ?? config.TWILIO_API_KEY, { httpClient })
  const whatsApp = whatsAppOf(config)

  return {
    name,
    channels: whatsApp === undefined ? ['sms'] : ['sms', 'whatsapp'],
    close: poster.close,
    async send (message) {
      try {
        const { sid } = await client.messages.create(parametersOf(message, options))
        // Something else than the carrier may answer well-formed JSON.
        if (typeof sid !== 'string') throw new TypeError('the answer is no message')
        return sid
      } catch (error) {
        throw toSmsError(error)
      }
    }
  }
}

function parametersOf (message: OutgoingMessage, { config, carrier, findPublicUrl }: TwilioOptions): MessageListInstanceCreateOptions {
  const { id, to, channel, text, code, validitySeconds } = message
  const publicUrl = findPublicUrl()
  const common = {
    validityPeriod: Math.min(maximumValiditySeconds, Math.max(minimumValiditySeconds, Math.round(validitySeconds))),
    ...(publicUrl === undefined ? {} : { statusCallback: statusCallbackUrl(publicUrl, id) }),
    ...(config.TWILIO_MESSAGE_FEEDBACK === 'on' ? { provideFeedback: true } : {})
  }
  if (channel === 'whatsapp') return { ...common, ...whatsAppContent({ to, code }, config) }
  const service = config.TWILIO_MESSAGING_SERVICE_SID
  const sender = service === undefined ? { from: String(carrier?.sender ?? config.TWILIO_PHONE_NUMBER) } : { messagingServiceSid: service }
  return { ...common, ...sender, to, body: text }
}

/** WhatsApp takes codes in templates of its own alone, whose variable 1 is the code. */
function whatsAppContent ({ to, code }: Pick<OutgoingMessage, 'to' | 'code'>, config: Config) {
  const whatsApp = whatsAppOf(config)
  if (whatsApp === undefined || code === undefined) throw new SmsError({ failure: 'refused', detail: 'no WhatsApp template for it', provider: name })
  return { to: `whatsapp:${to}`, from: `whatsapp:${whatsApp.from}`, contentSid: whatsApp.contentSid, contentVariables: JSON.stringify({ 1: code }) }
}

function toSmsError (error: unknown): SmsError {
  if (error instanceof SmsError) return error
  // What the twilio client makes of an answer that is no JSON holds a piece of it.
  if (!(error instanceof PostError)) return new SmsError({ failure: 'ambiguous', detail: 'no usable answer', provider: name })
  return new SmsError({ failure: error.hasLeft ? 'ambiguous' : 'unreachable', detail: error.message, provider: name })
}
