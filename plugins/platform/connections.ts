import { Readable } from 'node:stream'
import fp from 'fastify-plugin'
import { UnavailableError } from '../../src/http/errors.ts'

const writeTimeoutMs = 30_000
/** A response that fits into the socket buffer is sent at once; only a larger one can be read slowly. */
const largeBytes = 64 * 1024
const sweepMs = 100

/**
 * Limits the life of connections. A response that is not read within 30 s is cut off. On close, running requests get
 * SHUTDOWN_SECONDS; idle connections are closed at once, and so is each connection that becomes idle.
 */
export default fp(async (fastify) => {
  let isClosing = false

  fastify.addHook('onRequest', (_request, reply, done) => {
    done(isClosing ? new UnavailableError('server', new Error('shutting down')) : undefined)
  })

  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing) reply.header('connection', 'close')
    if (payload instanceof Readable || (typeof payload === 'string' && payload.length > largeBytes)) cutWhenSlow(reply.raw)
    done()
  })

  let sweep: NodeJS.Timeout | undefined
  let deadline: NodeJS.Timeout | undefined
  fastify.addHook('preClose', async () => {
    isClosing = true
    sweep = setInterval(() => fastify.server.closeIdleConnections(), sweepMs)
    deadline = setTimeout(() => fastify.server.closeAllConnections(), fastify.config.process.shutdownSeconds * 1000)
  })
  // This hook runs after the last connection is closed.
  fastify.addHook('onClose', async () => {
    clearInterval(sweep)
    clearTimeout(deadline)
  })
}, { name: 'connections', fastify: '5.x' })

function cutWhenSlow (response: NodeJS.EventEmitter & { destroy: () => void }): void {
  const timer = setTimeout(() => response.destroy(), writeTimeoutMs)
  response.once('close', () => clearTimeout(timer))
}
