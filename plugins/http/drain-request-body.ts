import type { IncomingMessage } from 'node:http'
import fp from 'fastify-plugin'

/** After an error response, a client may send the rest of its body for this long, and at most UPLOAD_MAX_BYTES of it. */
const drainMs = 5000

/**
 * Reads and discards the rest of a request body after an error response, within limits. Closing at once would reset the
 * connection, and a client that sends its whole body before it reads would never see the response. Depends on
 * `connections`, whose `connection: close` during a shutdown must be set before this plugin removes it.
 */
export default fp(async (fastify) => {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (reply.statusCode >= 400 && isUnread(request.raw)) {
      // With this header, Node would close the connection as soon as the response is written.
      reply.removeHeader('connection')
      drain(request.raw, fastify.config.creatives.uploadMaxBytes)
    }
    done()
  })
}, { name: 'drain-request-body', dependencies: ['connections', 'security-headers'], fastify: '5.x' })

function isUnread ({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)
}

/** Starts before the response is written, since afterwards Node would discard the rest without a limit. */
function drain (request: IncomingMessage, maximumBytes: number): void {
  const cutOff = () => { request.destroy() }
  const timer = setTimeout(cutOff, drainMs).unref()
  let remainingBytes = maximumBytes
  request.on('data', (chunk: Buffer) => {
    remainingBytes -= chunk.length
    if (remainingBytes < 0) cutOff()
  })
  request.once('close', () => clearTimeout(timer))
  request.resume()
}
