import type { IncomingMessage } from 'node:http'
import fp from 'fastify-plugin'

/** A client that writes its whole body before it reads may go on for this long, and for UPLOAD_MAX_BYTES. */
const lingerMs = 5000

/**
 * A refusal that is sent before the body was read must still be readable: closing at once resets the connection,
 * and many clients then never see the answer. So the rest of the body is let through and thrown away, within limits.
 */
export default fp(async (fastify) => {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (reply.statusCode >= 400 && isUnread(request.raw)) {
      // With it, Node would close as soon as the answer is written.
      reply.removeHeader('connection')
      letThrough(request.raw, fastify.config.creatives.uploadMaxBytes)
    }
    done()
  })
}, { name: 'drain-request-body', fastify: '5.x' })

function isUnread ({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)
}

/** Begins before the answer is written: once that is done, Node would throw the rest away unseen and unbounded. */
function letThrough (request: IncomingMessage, maximumBytes: number): void {
  const end = () => { request.destroy() }
  const timer = setTimeout(end, lingerMs).unref()
  let left = maximumBytes
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) end()
  })
  request.once('close', () => clearTimeout(timer))
  request.resume()
}
