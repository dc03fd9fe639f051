import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import Fastify from 'fastify'
import fp from 'fastify-plugin'
import type { HttpConfig } from '../../src/config/http.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Adds what browsers must be told about what they show, a page or an image; `policy` is its Content-Security-Policy. */
    shownInBrowser (policy: string): this
  }
}

const preflightSeconds = 600

/**
 * What OWASP's REST Security Cheat Sheet asks of every answer of an API; each header costs each answer. Not its
 * X-Frame-Options: the policy's frame-ancestors takes its place (CSP level 3, §6.4.2), and only data is meant here.
 */
const everywhere = ['content-security-policy', 'strict-transport-security', 'x-content-type-options']

/**
 * Headers that keep browsers and caches in bounds. Answers depend on the token and are for nobody else to keep
 * unless a route says otherwise. Offers `reply.shownInBrowser` for the few answers that are more than data.
 */
export default fp(async (fastify) => {
  const { http } = fastify.config
  const browserHeaders = await helmetHeaders(http)
  const apiHeaders = {
    'cache-control': 'no-store',
    vary: 'Authorization',
    ...Object.fromEntries(Object.entries(browserHeaders).filter(([name]) => everywhere.includes(name)))
  }
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.headers(apiHeaders)
    done()
  })
  fastify.decorateReply('shownInBrowser', function (policy) {
    return this.headers(browserHeaders).header('content-security-policy', policy)
  })

  // After the hook above, since it adds to Vary.
  if (http.corsOrigins.length === 0) return
  await fastify.register(cors, {
    origin: [...http.corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'if-range', 'range'],
    exposedHeaders: ['retry-after', 'etag', 'accept-ranges', 'content-range', 'content-disposition'],
    maxAge: preflightSeconds
  })
}, { name: 'security-headers', fastify: '5.x' })

/** The headers that helmet sets, asked for once: they are always the same, and it would assemble them anew for each answer. */
async function helmetHeaders ({ baseUrl, corsOrigins }: HttpConfig): Promise<Record<string, string>> {
  const bare = Fastify()
  await bare.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // Only a server that is reached over TLS may bind browsers to it.
    strictTransportSecurity: baseUrl.startsWith('https:'),
    crossOriginResourcePolicy: { policy: corsOrigins.length === 0 ? 'same-origin' : 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    // For browsers and plug-ins that are gone.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false
  })
  bare.get('/', async () => '')
  const { headers } = await bare.inject('/')
  await bare.close()
  const others = new Set(['content-type', 'content-length', 'date', 'connection'])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !others.has(name)).map(([name, value]) => [name, String(value)]))
}
