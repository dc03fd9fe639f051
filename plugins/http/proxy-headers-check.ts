import type { onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Logs an error, once per process, when a request has X-Forwarded-For although TRUST_PROXY is unset. All clients then have
 * the address of the proxy, and share the limits by address.
 */
export default fp(async (fastify) => {
  if (fastify.config.http.trustedProxies.length > 0) return
  let isLogged = false
  const check: onRequestHookHandler = (request, _reply, done) => {
    if (!isLogged && request.headers['x-forwarded-for'] !== undefined) {
      isLogged = true
      request.log.error('a request has X-Forwarded-For, which is ignored: list the networks of your proxies in TRUST_PROXY')
    }
    done()
  }
  // Only POST routes have limits by address.
  fastify.addHook('onRoute', (route) => {
    if (route.method === 'POST') route.onRequest = [check, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'proxy-headers-check', fastify: '5.x' })
