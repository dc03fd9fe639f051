import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'
import { tidyDocument } from '../../src/http/openapi.ts'
import project from '../../package.json' with { type: 'json' }

const tags = [
  { name: 'login', description: 'Prove a phone number, get a token' },
  { name: 'account', description: 'Who is signed in, and where' },
  { name: 'sessions', description: 'Where one is signed in, and how to end it' },
  { name: 'creatives', description: 'Images for calendar dates' },
  { name: 'webhooks', description: 'What carriers report' },
  { name: 'operations', description: 'Health and metrics' },
  { name: 'development', description: 'The SMS inbox of the carrier emulator' }
]

/**
 * Swagger UI's scripts and styles come from here alone; the style attributes that it writes need 'unsafe-inline', and
 * an image that was tried out is shown from a blob.
 * Nothing is upgraded to TLS: the page must work where the service is reached over plain HTTP.
 */
const pagePolicy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"

/** Swagger UI at /docs and the document at /docs/json, made from the routes' schemas. */
export default fp(async (fastify) => {
  await fastify.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Cheershare', version: project.version, description: 'Phone login by one-time SMS codes, and images for calendar dates.' },
      tags,
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'The token that /verify answers' } } }
    },
    /* c8 ignore next -- the other branch is for documents of Swagger 2 */
    transformObject: (document) => 'openapiObject' in document ? tidyDocument({ ...document.openapiObject }) : document.swaggerObject
  })
  await fastify.register(swaggerUi, {
    routePrefix: '/docs',
    uiHooks: {
      onRequest (_request, reply, done) {
        reply.shownInBrowser(pagePolicy)
        done()
      }
    },
    uiConfig: { persistAuthorization: true, tryItOutEnabled: true }
  })
}, { name: 'swagger', dependencies: ['security-headers'], fastify: '5.x' })
