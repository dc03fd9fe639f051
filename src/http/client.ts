import type { FastifyRequest } from 'fastify'

/** The client of a request, as limits, sessions and trusted devices need it. */
export interface Client {
  address: string | undefined
  userAgent: string | undefined
  /** The token that an earlier login returned to this client. Any other text counts as absent. */
  deviceToken: string | undefined
  languages?: LanguagePreferences
}

export interface LanguagePreferences {
  /** BCP 47 */
  locale?: string | undefined
  acceptLanguage?: string | undefined
}

export function getClient (request: FastifyRequest<{ Body: { device_token?: string, locale?: string } }>): Client {
  const { ip, headers, body } = request
  return { address: ip, userAgent: headers['user-agent'], deviceToken: body.device_token, languages: getLanguagePreferences(request) }
}

export function getLanguagePreferences ({ headers, body }: FastifyRequest<{ Body: { locale?: string } }>): LanguagePreferences {
  return { locale: body.locale, acceptLanguage: headers['accept-language'] }
}
