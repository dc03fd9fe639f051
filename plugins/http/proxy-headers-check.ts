import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { readAddress } from '../../src/domain/auth/client-address.ts'

interface Problem { level: 'warn' | 'error', message: string }

const isUntrusted: Problem = {
  level: 'error',
  message: 'a request has X-Forwarded-For, which is ignored: list the networks of your proxies in TRUST_PROXY'
}
const isForwarded: Problem = {
  level: 'error',
  message: 'a request has the header Forwarded, which the service does not read: make your proxy send X-Forwarded-For, ' +
    'and list its networks in TRUST_PROXY'
}
const isOtherSender: Problem = {
  level: 'warn',
  message: 'a request has X-Forwarded-For from an address outside TRUST_PROXY, which is ignored: ' +
    'a client has written it, or TRUST_PROXY lacks the network of a proxy'
}
const isNoAddress: Problem = {
  level: 'error',
  message: 'a proxy of TRUST_PROXY has sent an X-Forwarded-For whose last entry is not an IP address: ' +
    'the clients of such requests share the limits of one address'
}

/**
 * Logs each kind of wrong proxy headers once per process. Many clients then have the address of the proxy or none, and share the
 * limits by address.
 */
export default fp(async (fastify) => {
  const trustsProxies = fastify.config.http.trustedProxies.length > 0
  const logged = new Set<Problem>()

  function findProblem (request: FastifyRequest): Problem | undefined {
    const { headers, ip, ips = [] } = request
    if (headers['x-forwarded-for'] === undefined) return headers['forwarded'] === undefined ? undefined : isForwarded
    if (!trustsProxies) return isUntrusted
    // Fastify lists the sender alone if it is not trusted.
    if (ips.length < 2) return isOtherSender
    return readAddress(ip) === undefined ? isNoAddress : undefined
  }

  const check: onRequestHookHandler = (request, _reply, done) => {
    const problem = findProblem(request)
    if (problem !== undefined && !logged.has(problem)) {
      logged.add(problem)
      request.log[problem.level](problem.message)
    }
    done()
  }
  // Only POST routes have limits by address.
  fastify.addHook('onRoute', (route) => {
    if (route.method === 'POST') route.onRequest = [check, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'proxy-headers-check', fastify: '5.x' })
