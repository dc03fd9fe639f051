import { isIP } from 'node:net'
import type { Config } from '../../../src/config/index.ts'
import { hostOf, listOf } from '../../../src/config/derived.ts'
import { isPublicAddress } from '../../../src/domain/sms/private-addresses.ts'
import { readRetryAfter } from '../../../src/domain/sms/retry-after.ts'
import { failureOfWebhook } from '../../../src/domain/sms/webhook-failures.ts'
import { parseWebhookSecret, webhookHeaders } from '../../../src/domain/sms/webhook-signature.ts'
import { SmsError, type OutgoingMessage, type SmsProvider } from './contract.ts'
import { createPoster, PostError, type PostAnswer, type PosterOptions } from './http-poster.ts'
import { createPublicLookup, privateAddressCode } from './public-lookup.ts'

export interface WebhookOptions extends PosterOptions {
  config: Config
  now (): number
}

const name = 'webhook'
/** Of the gateway's id for a message, which is kept. */
const maximumIdLength = 200

/** Any SMS gateway: posts the message to SMS_WEBHOOK_URL, signed, with one id for all attempts. */
export function createWebhookProvider ({ config, now, ...options }: WebhookOptions): SmsProvider {
  const url = new URL(String(config.SMS_WEBHOOK_URL))
  const keys = listOf(config.SMS_WEBHOOK_SECRET).map(parseWebhookSecret).filter((key) => key !== undefined)
  const allowsPrivate = config.SMS_WEBHOOK_ALLOW_PRIVATE === 'on'
  const poster = createPoster(allowsPrivate ? options : { lookup: createPublicLookup(), ...options })
  const isClosed = !allowsPrivate && isIP(hostOf(url)) !== 0 && !isPublicAddress(hostOf(url))

  async function post (message: OutgoingMessage): Promise<PostAnswer> {
    // No name is looked up where the URL holds an address.
    if (isClosed) throw new PostError(privateAddressCode, false)
    const moment = now()
    const body = bodyOf(message, moment)
    const signed = webhookHeaders(keys, { id: message.id, timestamp: Math.floor(moment / 1000), body })
    return await poster.post(url, { headers: { ...signed, 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'Cheershare' }, body })
  }

  return {
    name,
    channels: ['sms'],
    close: poster.close,
    async send (message) {
      const answer = await post(message).catch((error: unknown) => { throw toSmsError(error) })
      if (answer.status < 200 || answer.status > 299) throw refusal(answer, now())
      return idIn(answer.body) ?? message.id
    }
  }
}

function bodyOf ({ id, to, text, channel, language, validitySeconds }: OutgoingMessage, moment: number): string {
  const data = { id, to, text, channel, language, validity_seconds: Math.max(1, Math.round(validitySeconds)) }
  return JSON.stringify({ type: 'sms.send', timestamp: new Date(moment).toISOString(), data })
}

function idIn (body: string): string | undefined {
  try {
    const { id } = JSON.parse(body) as { id?: unknown }
    return typeof id === 'string' && id.length > 0 && id.length <= maximumIdLength ? id : undefined
  } catch {
    return undefined
  }
}

function refusal ({ status, retryAfter }: PostAnswer, now: number): SmsError {
  return new SmsError({ failure: failureOfWebhook(status), detail: `status ${status}`, provider: name, status, retryAfterMs: readRetryAfter(retryAfter, now) })
}

function toSmsError (error: unknown): unknown {
  if (!(error instanceof PostError)) return error
  const { message, hasLeft } = error
  if (message === privateAddressCode) return new SmsError({ failure: 'sender', detail: 'SMS_WEBHOOK_URL leads to a private address', provider: name })
  return new SmsError({ failure: hasLeft ? 'ambiguous' : 'unreachable', detail: message, provider: name })
}
