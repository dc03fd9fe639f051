import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const hostRequest = Symbol('request of the host')

/** A request that the inner instance has got from a host. */
interface HandedOver extends IncomingMessage {
  [hostRequest]?: FastifyRequest
}

/** Returns the request of the host that was handed over. Its hooks have run, so that it has the user whom they found. */
export function getHostRequest (raw: HandedOver): FastifyRequest {
  return raw[hostRequest] as FastifyRequest
}

/**
 * Hands every request below the prefix of a scope to the inner instance, before the host reads its body. The inner instance sees the
 * path without the prefix, as behind a proxy that removes it; hooks of the host see the whole path before and after.
 */
export function handOver (scope: FastifyInstance, inner: FastifyInstance): void {
  // Segments are counted instead of comparing texts: the host may ignore case or duplicate slashes, and a prefix may have parameters.
  const depth = scope.prefix.split('/').filter((segment) => segment !== '').length
  const prefix = new RegExp(`^(?:/+[^/?]*){${depth}}`)

  function pass (request: FastifyRequest, reply: FastifyReply): void {
    const raw: HandedOver = request.raw
    const url = String(raw.url)
    raw[hostRequest] = request
    reply.hijack()
    const inside = url.replace(prefix, '')
    raw.url = inside.startsWith('/') ? inside : `/${inside}`
    const restore = () => { raw.url = url }
    // Prepended, so that the hooks and log lines of the host for the end of the request have its whole address.
    for (const event of ['finish', 'close']) reply.raw.prependListener(event, restore)
    inner.routing(raw, reply.raw)
  }

  for (const url of ['', '/*']) {
    scope.route({
      method: scope.supportedMethods,
      url,
      exposeHeadRoute: false,
      // Addresses can contain keys and signatures. The inner instance logs its requests without them.
      logLevel: 'silent',
      schema: { hide: true },
      onRequest: pass,
      // Fastify requires a handler, which it does not call after the hook.
      handler: pass
    })
  }
}
