import { isIP } from 'node:net'
import { splitList } from '../../../../src/config/parsers.ts'
import { isPublicAddress } from '../../../../src/domain/sms/private-addresses.ts'
import { readRetryAfter } from '../../../../src/domain/sms/backoff.ts'
import { parseWebhookSecret, webhookHeaders } from '../../../../src/domain/sms/webhook-signature.ts'
import { getHost } from '../../../../src/http/hosts.ts'
import { SmsError, type OutgoingMessage, type SmsFailure, type SmsProvider } from '../contract.ts'
import { createPoster, PostError, type PostReply, type PosterOptions } from '../http-poster.ts'
import { createPublicLookup, privateAddressCode } from './public-lookup.ts'
import type { WebhookSettings } from './settings.ts'

export interface WebhookOptions extends PosterOptions {
  settings: WebhookSettings
  now (): number
}

const name = 'webhook'
/** Longer ids of a gateway are not stored. */
const maximumIdLength = 200

/** Creates a provider that posts each message, signed, to SMS_WEBHOOK_URL. All attempts have the same id. */
export function createWebhookProvider ({ settings, now, ...options }: WebhookOptions): SmsProvider {
  const url = new URL(String(settings.url))
  const keys = splitList(settings.secrets).map(parseWebhookSecret).filter((key) => key !== undefined)
  const { allowsPrivate } = settings
  const poster = createPoster(allowsPrivate ? options : { lookup: createPublicLookup(), ...options })
  const isClosed = !allowsPrivate && isIP(getHost(url)) !== 0 && !isPublicAddress(getHost(url))

  async function post (message: OutgoingMessage): Promise<PostReply> {
    // A URL with an IP address is not resolved, so it is checked here.
    if (isClosed) throw new PostError(privateAddressCode, false)
    const moment = now()
    const body = formatBody(message, moment)
    const signed = webhookHeaders(keys, { id: message.id, timestamp: Math.floor(moment / 1000), body })
    const headers = { ...signed, 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'Cheershare' }
    return await poster.post(url, { headers, body })
  }

  return {
    name,
    channels: ['sms'],
    close: poster.close,
    async send (message) {
      const answer = await post(message).catch((error: unknown) => { throw toSmsError(error) })
      if (answer.status < 200 || answer.status > 299) throw toRefusal(answer, now())
      return parseId(answer.body) ?? message.id
    }
  }
}

/** A notice has no `code`; `app_hash` is present if the client named it. */
function formatBody (message: OutgoingMessage, moment: number): string {
  const { id, to, text, channel, code, appHash, country, language, purpose, validitySeconds } = message
  const data = {
    id, to, text, channel, code, app_hash: appHash, country, language, purpose, validity_seconds: Math.max(1, Math.round(validitySeconds))
  }
  return JSON.stringify({ type: 'sms.send', timestamp: new Date(moment).toISOString(), data })
}

function parseId (body: string): string | undefined {
  try {
    const { id } = JSON.parse(body) as { id?: unknown }
    return typeof id === 'string' && id.length > 0 && id.length <= maximumIdLength ? id : undefined
  } catch {
    return undefined
  }
}

const senderStatuses = new Set([401, 403, 404, 410])

/**
 * Classifies a reply of the gateway by its status, unless it is 2xx. Redirects count as refusals: following one would
 * bypass the check of the address.
 */
export function toWebhookFailure (status: number): SmsFailure {
  if (status === 429) return 'busy'
  if (status >= 500 || status === 408) return 'ambiguous'
  return senderStatuses.has(status) ? 'sender' : 'refused'
}

function toRefusal ({ status, retryAfter }: PostReply, now: number): SmsError {
  return new SmsError({
    failure: toWebhookFailure(status), detail: `status ${status}`, provider: name, status, retryAfterMs: readRetryAfter(retryAfter, now)
  })
}

function toSmsError (error: unknown): unknown {
  if (!(error instanceof PostError)) return error
  const { message, hasLeft } = error
  if (message === privateAddressCode) {
    return new SmsError({ failure: 'sender', detail: 'SMS_WEBHOOK_URL leads to a private address', provider: name })
  }
  return new SmsError({ failure: hasLeft ? 'ambiguous' : 'unreachable', detail: message, provider: name })
}
