import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpConfig } from '../config/http.ts'
import { ApiError } from './errors.ts'
import { isLoopback } from './hosts.ts'
import { fieldError } from './parsers.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** True if the session of the request was found by its cookie. */
    hasSessionCookie: boolean
  }
  interface FastifyContextConfig {
    /** True if the route itself checks where a request with a cookie comes from; by default `authenticate` does. */
    checksOrigin?: boolean
  }
}

/** The cookie of a session, which holds the same token as a bearer token. */
export interface SessionCookie {
  /** Returns the token of the cookie of a request, or undefined without one. Two different tokens count as none. */
  read (request: Pick<FastifyRequest, 'headers'>): string | undefined
  /** Sets the cookie until a moment, in milliseconds since the epoch: the final end of the session. */
  set (reply: FastifyReply, token: string, end: number, now: number): void
  /** Removes the cookie from the browser. */
  clear (reply: FastifyReply): void
  /**
   * Checks that a request may use or ask for a cookie: it comes from a page of the service, of PUBLIC_URL or of an exact http(s) origin of
   * CORS_ORIGINS. Browsers send cookies with requests of other sites too.
   * @throws {ApiError} CHR_ORIGIN_REFUSED
   */
  requireOwnOrigin (request: Pick<FastifyRequest, 'headers'>): void
  /**
   * Checks that a browser would keep the cookie.
   * @throws {ApiError} CHR_VALIDATION if PUBLIC_URL is plain HTTP and not an address of this machine
   */
  requireSecureAddress (): void
}

/** Returns the origins whose pages may use cookies: that of PUBLIC_URL, and the exact http(s) origins of CORS_ORIGINS. */
export function trustedOrigins ({ baseUrl, corsOrigins }: Pick<HttpConfig, 'baseUrl' | 'corsOrigins'>): ReadonlySet<string> {
  return new Set([new URL(baseUrl).origin, ...corsOrigins.filter((origin) => /^https?:\/\/[^*]+$/.test(origin))])
}

/**
 * Describes the cookie. With HTTPS its name begins with `__Host-` (RFC 6265bis, §4.1.3.2): no other host and no plain HTTP can set it, and
 * it applies to all paths. Browsers keep no such cookie for plain HTTP, so the name on a loopback address is another one.
 */
export function createSessionCookie (http: Pick<HttpConfig, 'baseUrl' | 'corsOrigins'>): SessionCookie {
  const { protocol, hostname } = new URL(http.baseUrl)
  const isSecure = protocol === 'https:'
  const name = isSecure ? '__Host-cheershare' : 'cheershare_session'
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  const value = new RegExp(`(?:^|;)[ \\t]*${name}="?([A-Z2-7]{26})"?[ \\t]*(?=;|$)`, 'g')
  const origins = trustedOrigins(http)

  return {
    read ({ headers: { cookie } }) {
      const tokens = new Set([...(cookie ?? '').matchAll(value)].map(([, token]) => token))
      return tokens.size === 1 ? tokens.values().next().value : undefined
    },
    set (reply, token, end, now) {
      reply.header('set-cookie', `${name}=${token}; Max-Age=${Math.max(0, Math.floor((end - now) / 1000))}; ${attributes}`)
    },
    clear (reply) { reply.header('set-cookie', `${name}=; Max-Age=0; ${attributes}`) },
    requireOwnOrigin ({ headers }) {
      if (headers['sec-fetch-site'] !== 'same-origin' && !origins.has(headers.origin ?? '')) throw new ApiError('CHR_ORIGIN_REFUSED')
    },
    requireSecureAddress () {
      if (isSecure || isLoopback(hostname.replace(/^\[|\]$/g, ''))) return
      throw fieldError('session', 'cannot be "cookie": PUBLIC_URL is plain HTTP, and the cookie would travel unencrypted. Serve it over HTTPS')
    }
  }
}
