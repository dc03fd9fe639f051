import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import fp from 'fastify-plugin'
import { listOf, publicUrlOf } from '../src/config.ts'

const preflightSeconds = 600

/** Headers that keep browsers in bounds; pages (Swagger UI, the inbox) set a content policy of their own. */
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
  await fastify.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // Only a server that is reached over TLS may bind browsers to it.
    strictTransportSecurity: publicUrlOf(config).startsWith('https:'),
    crossOriginResourcePolicy: { policy: origins.length > 0 ? 'cross-origin' : 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' }
  })
}, { name: 'security-headers', fastify: '5.x' })
