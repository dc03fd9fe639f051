import cors from '@fastify/cors'
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet'
import Fastify from 'fastify'
import fp from 'fastify-plugin'
import { listOf, publicUrlOf } from '../src/config-facts.ts'

const preflightSeconds = 600

/** Headers that keep browsers in bounds; pages (Swagger UI, the inbox) and images replace the content policy by their own. */
export default fp(async (fastify) => {
  const { config } = fastify
  const origins = listOf(config.CORS_ORIGINS)
  if (origins.length > 0) {
    await fastify.register(cors, {
      origin: origins,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match'],
      exposedHeaders: ['retry-after', 'etag'],
      maxAge: preflightSeconds
    })
  }
  const headers = await headersOf({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // Only a server that is reached over TLS may bind browsers to it.
    strictTransportSecurity: publicUrlOf(config).startsWith('https:'),
    crossOriginResourcePolicy: { policy: origins.length > 0 ? 'cross-origin' : 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    // For browsers and plug-ins that are gone.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false
  })
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}, { name: 'security-headers', fastify: '5.x' })

/**
 * The headers that helmet sets, asked for once: they are the same on every answer, and helmet would assemble
 * them anew each time, for a tenth of an authenticated request.
 */
async function headersOf (options: FastifyHelmetOptions): Promise<Record<string, string>> {
  const bare = Fastify()
  await bare.register(helmet, options)
  bare.get('/', async () => '')
  const { headers } = await bare.inject('/')
  await bare.close()
  const others = new Set(['content-type', 'content-length', 'date', 'connection'])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !others.has(name)).map(([name, value]) => [name, String(value)]))
}
