import twilio from 'twilio'
import type { RequestOptions } from 'twilio/lib/base/RequestClient.js'
import { memoize } from '../../../../src/domain/memoize.ts'
import { readRetryAfter } from '../../../../src/domain/sms/retry-after.ts'
import { reasonOfTwilioCode } from '../../../../src/domain/sms/twilio/codes.ts'
import { failureOfTwilio } from '../../../../src/domain/sms/twilio/failures.ts'
import { SmsError } from '../contract.ts'
import type { PostAnswer, Poster } from '../http-poster.ts'

export interface TwilioHttpClientOptions {
  poster: Poster
  /** Replaces https://api.twilio.com; without a slash at its end. */
  baseUrl: string | undefined
  now (): number
}

/**
 * What the twilio client posts by. Its own shows neither the headers of a refusal nor whether a request had left, keeps
 * credentials, number and text of the last call, and takes more of the processor than the rest of a sign-up.
 */
export class TwilioHttpClient extends twilio.RequestClient {
  readonly #poster: Poster
  /** Of the addresses that the client knows, a few. */
  readonly #urlOf: (uri: string) => URL
  readonly #now: () => number

  constructor ({ poster, baseUrl, now }: TwilioHttpClientOptions) {
    super()
    this.#poster = poster
    // The twilio package has no option for another server, so the address is replaced here.
    this.#urlOf = memoize((uri) => new URL(baseUrl === undefined ? uri : uri.replace(/^https:\/\/[^/]+/, baseUrl)))
    this.#now = now
  }

  /** @throws {SmsError} for an answer that is no success */
  override async request<TData> ({ uri, username, password, headers, data }: RequestOptions<TData>) {
    const answer = await this.#poster.post(this.#urlOf(uri), {
      headers: { ...headers, authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
      body: new URLSearchParams(data as Record<string, string>).toString()
    })
    if (answer.status < 200 || answer.status > 299) throw this.#refusal(answer)
    return { statusCode: answer.status, body: JSON.parse(answer.body) as TData, headers: {} }
  }

  #refusal ({ status, body, retryAfter }: PostAnswer): SmsError {
    const carrierCode = codeIn(body)
    return new SmsError({
      failure: failureOfTwilio({ status, code: carrierCode }),
      detail: `status ${status}, code ${carrierCode ?? 'none'}`,
      provider: 'twilio',
      status,
      carrierCode,
      reason: carrierCode === undefined ? undefined : reasonOfTwilioCode(carrierCode),
      retryAfterMs: readRetryAfter(retryAfter, this.#now())
    })
  }
}

/** What stands in between may answer anything. */
function codeIn (body: string): number | undefined {
  try {
    const { code } = JSON.parse(body) as { code?: unknown }
    return typeof code === 'number' ? code : undefined
  } catch {
    return undefined
  }
}
