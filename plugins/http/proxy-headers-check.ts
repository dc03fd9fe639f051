import type { onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Says once when a proxy stands in front that TRUST_PROXY does not name: every client then has the proxy's
 * address, and whatever counts by address counts them as one.
 */
export default fp(async (fastify) => {
  if (fastify.config.http.trustedProxies.length > 0) return
  let isKnown = false
  const watch: onRequestHookHandler = (request, _reply, done) => {
    if (!isKnown && request.headers['x-forwarded-for'] !== undefined) {
      isKnown = true
      request.log.error('a request came with X-Forwarded-For, which is not believed: name the networks of your proxies in TRUST_PROXY')
    }
    done()
  }
  // What counts by address is posted.
  fastify.addHook('onRoute', (route) => {
    if (route.method === 'POST') route.onRequest = [watch, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'proxy-headers-check', fastify: '5.x' })
