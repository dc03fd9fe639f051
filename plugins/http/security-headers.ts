import cors from '@fastify/cors'
import fp from 'fastify-plugin'
import type { HttpConfig } from '../../src/config/http.ts'
import { allowedHeaders, exposedHeaders } from '../../src/http/cors.ts'
import { toOriginMatcher } from '../../src/http/origins.ts'
import { trustedOrigins } from '../../src/http/session-cookie.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Adds the headers for content that a browser displays, a page or an image. `policy` is its Content-Security-Policy. */
    shownInBrowser (policy: string): this
  }
}

const preflightSeconds = 600

/** Returns the headers of every reply (OWASP REST Security Cheat Sheet). `frame-ancestors` replaces X-Frame-Options (CSP 3, §6.4.2). */
function apiHeaders ({ baseUrl }: HttpConfig): Record<string, string> {
  return {
    'cache-control': 'no-store',
    vary: 'Authorization, Cookie',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    // Only a service that clients reach over TLS may bind browsers to TLS. The age is one year.
    ...(baseUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
    'x-content-type-options': 'nosniff'
  }
}

/** Returns further headers for content that browsers display. They have no effect on JSON, where each header would only cost time. */
function browserHeaders ({ corsOrigins }: HttpConfig): Record<string, string> {
  return {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': corsOrigins.length === 0 ? 'same-origin' : 'cross-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'no-referrer',
    'x-dns-prefetch-control': 'off',
    'x-frame-options': 'DENY'
  }
}

/**
 * Sets the security headers of every reply, decorates `reply.shownInBrowser`, and answers CORS requests for CORS_ORIGINS.
 * Replies depend on the token, so caches must not store them unless a route says otherwise.
 */
export default fp(async (fastify) => {
  const { http } = fastify.config
  const everywhere = apiHeaders(http)
  const inBrowsers = browserHeaders(http)
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.headers(everywhere)
    done()
  })
  fastify.decorateReply('shownInBrowser', function (policy) {
    return this.headers(inBrowsers).header('content-security-policy', policy)
  })

  // Registered after the hook above, because it extends Vary.
  if (http.corsOrigins.length === 0) return
  const trusted = trustedOrigins(http)
  fastify.addHook('onRequest', ({ headers: { origin } }, reply, done) => {
    if (origin !== undefined && trusted.has(origin)) reply.header('access-control-allow-credentials', 'true')
    done()
  })
  await fastify.register(cors, {
    origin: http.corsOrigins.map(toOriginMatcher),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: allowedHeaders(http),
    exposedHeaders,
    maxAge: preflightSeconds
  })
}, { name: 'security-headers', dependencies: ['connections', 'errors'], fastify: '5.x' })
