import type { FastifyRequest } from 'fastify'

/** Who sends a request, as far as it says: what limits, sessions and known devices must know. */
export interface Client {
  address: string | undefined
  userAgent: string | undefined
  /** Told by an earlier login of this client; anything else is as if there were none. */
  deviceToken: string | undefined
  /** What it would like to read. */
  languages?: LanguageWish
}

export interface LanguageWish {
  /** BCP 47 */
  locale?: string | undefined
  acceptLanguage?: string | undefined
}

export function clientOf (request: FastifyRequest<{ Body: { device_token?: string, locale?: string } }>): Client {
  const { ip, headers, body } = request
  return { address: ip, userAgent: headers['user-agent'], deviceToken: body.device_token, languages: languageWishOf(request) }
}

export function languageWishOf ({ headers, body }: FastifyRequest<{ Body: { locale?: string } }>): LanguageWish {
  return { locale: body.locale, acceptLanguage: headers['accept-language'] }
}
