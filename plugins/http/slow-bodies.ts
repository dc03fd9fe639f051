import type { IncomingMessage } from 'node:http'
import fp from 'fastify-plugin'
import { BodyArrival, slowBodyLimits } from '../../src/http/body-arrival.ts'
import { ApiError } from '../../src/http/errors.ts'
import { cutBody, getOpenReply, hasBody, markSlow, rememberReply } from '../../src/http/open-bodies.ts'
import { formatBytes } from '../../src/domain/creatives/quota.ts'

export interface SlowBodies {
  /** Replaces the time limit of 10 s for the body of this request by the limits for slow lines. */
  allow (request: IncomingMessage): void
  /** Cuts bodies that exceed the limits. Runs once a second. */
  check (): void
}

declare module 'fastify' {
  interface FastifyInstance { slowBodies: SlowBodies }
}

const checkMs = 1000

const { bytesPerSecond, silenceSeconds } = slowBodyLimits
const sentence = `The upload was too slow: it needs ${formatBytes(bytesPerSecond)} a second, and no pause longer than ` +
  `${silenceSeconds} s. Try again on a better connection, or send a smaller image.`

/**
 * Lets the bodies of some requests arrive slowly. Node has one time limit for all requests, of 10 s; the requests that are allowed
 * here are exempt from it, and a check once a second cuts them when they are silent or too slow. Other requests cost no timer.
 */
export default fp(async (fastify) => {
  const arrivals = new Map<IncomingMessage, BodyArrival>()
  let timer: NodeJS.Timeout | undefined

  fastify.addHook('onRequest', (request, reply, done) => {
    if (hasBody(request)) rememberReply(reply)
    done()
  })

  function check (): void {
    for (const [request, arrival] of arrivals) {
      if (request.complete || request.destroyed) arrivals.delete(request)
      else if (arrival.isTooSlow(request.socket.bytesRead, request.readableLength > 0)) cut(request)
    }
    if (arrivals.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  /** A request without a reader has been answered, or has kept its client waiting for the whole time. */
  function cut (request: IncomingMessage): void {
    arrivals.delete(request)
    const isAnswered = getOpenReply(request)?.raw.headersSent !== false
    if (isAnswered || !cutBody(request, new ApiError('CHR_REQUEST_TIMEOUT', { message: sentence }))) request.destroy()
  }

  fastify.decorate('slowBodies', {
    allow (request) {
      if (arrivals.has(request)) return
      markSlow(request)
      arrivals.set(request, new BodyArrival(request.socket.bytesRead))
      timer ??= setInterval(check, checkMs).unref()
    },
    check
  })
  fastify.addHook('onClose', async () => { clearInterval(timer) })
}, { name: 'slow-bodies', fastify: '5.x' })
