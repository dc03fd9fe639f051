import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'
import { documentRoute, securitySchemes } from '../../src/openapi/document-route.ts'
import { tidyDocument } from '../../src/openapi/tidy-document.ts'
import { version } from '../../src/process/package-info.ts'

const tags = [
  { name: 'login', description: 'Verify a phone number and get a token' },
  { name: 'account', description: 'The account of the signed-in user' },
  { name: 'sessions', description: 'List and end sessions' },
  { name: 'tokens', description: 'JWTs that other services check' },
  { name: 'creatives', description: 'Images for calendar dates' },
  { name: 'webhooks', description: 'Status callbacks of SMS providers' },
  { name: 'operations', description: 'Health and metrics' },
  { name: 'development', description: 'The SMS inbox of the carrier emulator' }
]

/**
 * Content-Security-Policy of Swagger UI. Its scripts and styles come from this service; its style attributes need
 * 'unsafe-inline', and it shows a fetched image from a blob. `upgrade-insecure-requests` is missing, since the page must
 * work over plain HTTP too.
 */
const pagePolicy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; " +
  "base-uri 'self'; frame-ancestors 'none'"

/** Returns what the page says first. */
const createIntroduction = (apiUrl: string) => `Phone login by one-time SMS codes, and images for calendar dates.

To sign in, request a code by \`POST /signup\` and send it to \`POST /verify\`. Its \`token\` goes into *Authorize*. While the service sends its SMS to the
carrier emulator, they are in the [inbox](${apiUrl}/dev/inbox). Errors have a \`code\`, which programs switch on.`

/**
 * Returns a script of the page, which runs before Swagger UI starts. Phones show the page in their own width. Requests go to the address
 * at which the page was opened, which need not be PUBLIC_URL: `localhost` in place of 127.0.0.1, or the service without its proxy.
 */
const createPageScript = (apiUrl: string) => `document.head.append(Object.assign(document.createElement('meta'), {
  name: 'viewport', content: 'width=device-width, initial-scale=1'
}))
const bundle = window.SwaggerUIBundle
window.SwaggerUIBundle = Object.assign((config) => bundle({
  ...config,
  requestInterceptor (request) {
    const apiUrl = ${JSON.stringify(`${apiUrl}/`)}
    const ownUrl = location.href.replace(/docs\\/?([?#].*)?$/, '')
    if (request.url.startsWith(apiUrl)) request.url = ownUrl + request.url.slice(apiUrl.length)
    return request
  }
}), bundle)
`

/** Serves Swagger UI at /docs and the OpenAPI document at /docs/json, both generated from the schemas of the routes. */
export default fp(async (fastify) => {
  const { config } = fastify
  await fastify.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cheershare',
        version,
        description: createIntroduction(config.http.baseUrl),
        contact: { name: 'Operator of this service', url: config.http.baseUrl },
        license: { name: 'MIT', url: 'https://opensource.org/license/mit' }
      },
      servers: [{ url: config.http.baseUrl }],
      tags,
      components: { securitySchemes }
    },
    transform: ({ schema, url, route }) => ({ schema: schema.hide === true ? schema : documentRoute(schema, route), url }),
    /* c8 ignore next -- the other branch is for Swagger 2 documents */
    transformObject: (document) => 'openapiObject' in document ? tidyDocument({ ...document.openapiObject }) : document.swaggerObject
  })
  await fastify.register(swaggerUi, {
    routePrefix: '/docs',
    // Makes the addresses of the page relative, so that they are right below the path of a proxy or the prefix of a plugin.
    indexPrefix: '.',
    theme: { title: 'Cheershare API', css: [{ filename: 'page.css', content: '.topbar { display: none }' }], js: [{ filename: 'page.js', content: createPageScript(config.http.baseUrl) }] },
    uiHooks: {
      onRequest (_request, reply, done) {
        reply.shownInBrowser(pagePolicy)
        done()
      }
    },
    uiConfig: { persistAuthorization: true, tryItOutEnabled: true }
  })
}, { name: 'swagger', dependencies: ['security-headers'], fastify: '5.x' })
