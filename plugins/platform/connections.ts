import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import fp from 'fastify-plugin'
import { UnavailableError } from '../../src/http/errors.ts'

const writeTimeoutMs = 30_000
/** A response that fits into the socket buffer is sent at once; only a larger one can be read slowly. */
const largeBytes = 64 * 1024
const sweepMs = 100
const uploadType = /^multipart\/form-data/i

/**
 * Limits the life of connections. A response that is not read within 30 s is cut off. From the stop signal on, each response closes
 * its connection. On close, running requests get SHUTDOWN_SECONDS, and uploads SHUTDOWN_UPLOAD_SECONDS; idle connections are closed
 * at once, and so is each connection that becomes idle.
 */
export default fp(async (fastify) => {
  const { stopSignal, server } = fastify
  const { shutdownSeconds, shutdownUploadSeconds } = fastify.config.process
  let isClosing = false

  /** Connections with an upload under way, from its headers on: a slow authentication must not make it an ordinary request. */
  const uploads = new Set<Socket>()

  fastify.addHook('onRequest', ({ headers, socket }, reply, done) => {
    if (uploadType.test(headers['content-type'] ?? '')) {
      uploads.add(socket)
      reply.raw.once('close', () => uploads.delete(socket))
    }
    done(isClosing ? new UnavailableError('server', new Error('shutting down')) : undefined)
  })

  fastify.addHook('onSend', (_request, reply, payload, done) => {
    // Node adds `connection: close`.
    if (isClosing || stopSignal.aborted) reply.raw.shouldKeepAlive = false
    if (payload instanceof Readable || (typeof payload === 'string' && payload.length > largeBytes)) cutWhenSlow(reply.raw)
    done()
  })

  const connections = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })

  function cutAllButUploads (): void {
    for (const connection of connections.difference(uploads)) connection.destroy()
  }

  let sweep: NodeJS.Timeout | undefined
  let deadlines: NodeJS.Timeout[] = []
  fastify.addHook('preClose', async () => {
    isClosing = true
    sweep = setInterval(() => server.closeIdleConnections(), sweepMs)
    deadlines = [
      setTimeout(cutAllButUploads, shutdownSeconds * 1000),
      setTimeout(() => server.closeAllConnections(), Math.max(shutdownSeconds, shutdownUploadSeconds) * 1000)
    ]
  })
  // This hook runs after the last connection is closed.
  fastify.addHook('onClose', async () => {
    clearInterval(sweep)
    deadlines.forEach(clearTimeout)
  })
}, { name: 'connections', fastify: '5.x' })

function cutWhenSlow (response: NodeJS.EventEmitter & { destroy: () => void }): void {
  const timer = setTimeout(() => response.destroy(), writeTimeoutMs)
  response.once('close', () => clearTimeout(timer))
}
