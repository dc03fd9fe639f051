import twilio from 'twilio'
import type { RequestOptions } from 'twilio/lib/base/RequestClient.js'
import { memoize } from '../../../../src/domain/memoize.ts'
import { readRetryAfter } from '../../../../src/domain/sms/backoff.ts'
import { findTwilioReason } from '../../../../src/domain/sms/twilio/codes.ts'
import { classifyTwilioFailure } from '../../../../src/domain/sms/twilio/failures.ts'
import { SmsError } from '../contract.ts'
import type { PostReply, Poster } from '../http-poster.ts'

export interface TwilioHttpClientOptions {
  poster: Poster
  /** Replaces https://api.twilio.com; without a trailing slash. */
  baseUrl: string | undefined
  now (): number
}

/**
 * HTTP client of the twilio package. Its default client exposes neither the headers of a refusal nor whether a request was
 * sent, retains credentials, number and text of the last call, and needs more CPU time than the rest of a sign-up.
 */
export class TwilioHttpClient extends twilio.RequestClient {
  readonly #poster: Poster
  /** Memoized: the twilio package requests only a few addresses. */
  readonly #toUrl: (uri: string) => URL
  readonly #now: () => number

  constructor ({ poster, baseUrl, now }: TwilioHttpClientOptions) {
    super()
    this.#poster = poster
    // The twilio package has no option for another server, so this replaces the address.
    this.#toUrl = memoize((uri) => new URL(baseUrl === undefined ? uri : uri.replace(/^https:\/\/[^/]+/, baseUrl)))
    this.#now = now
  }

  /** @throws {SmsError} for a status outside 200 to 299 */
  override async request<TData> ({ uri, username, password, headers, data }: RequestOptions<TData>) {
    const reply = await this.#poster.post(this.#toUrl(uri), {
      headers: { ...headers, authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
      body: new URLSearchParams(data as Record<string, string>).toString()
    })
    if (reply.status < 200 || reply.status > 299) throw this.#toRefusal(reply)
    return { statusCode: reply.status, body: JSON.parse(reply.body) as TData, headers: {} }
  }

  #toRefusal ({ status, body, retryAfter }: PostReply): SmsError {
    const carrierCode = parseCode(body)
    return new SmsError({
      failure: classifyTwilioFailure({ status, code: carrierCode }),
      detail: `status ${status}, code ${carrierCode ?? 'none'}`,
      provider: 'twilio',
      status,
      carrierCode,
      reason: carrierCode === undefined ? undefined : findTwilioReason(carrierCode),
      retryAfterMs: readRetryAfter(retryAfter, this.#now())
    })
  }
}

/** Returns `undefined` for a body that is not Twilio's, such as a page from a proxy. */
function parseCode (body: string): number | undefined {
  try {
    const { code } = JSON.parse(body) as { code?: unknown }
    return typeof code === 'number' ? code : undefined
  } catch {
    return undefined
  }
}
