import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { hasBody, isCut } from '../../src/http/open-bodies.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The route answers without waiting for the body of a request, which may never arrive: a proxy may repeat the headers of a request
     * without its body. The connection then serves no further request, which could be taken for that body.
     */
    ignoresBody?: boolean
  }
}

/** After an error response, a client may send this many times UPLOAD_MAX_BYTES, since many files are too large by a small factor. */
const maximumUploads = 3

/**
 * Reads and discards the rest of a request body after an error response, and on routes that ignore bodies, up to a number of bytes and
 * within the limits for slow lines. Closing at once would reset the connection, and a client that sends its whole body before it reads
 * would never see the response. Depends on `connections`, which decides first whether the connection is kept.
 */
export default fp(async (fastify) => {
  const { slowBodies, config } = fastify

  fastify.addHook<string>('onSend', (request, reply, payload, done) => {
    const { raw } = request
    const isError = reply.statusCode >= 400
    if (isCut(raw)) reply.header('connection', 'close')
    else if (!raw.complete && hasBody(raw) && (isError || ignoresBody(request))) {
      slowBodies.allow(raw)
      drain(raw, maximumUploads * config.creatives.uploadMaxBytes)
      if (ignoresBody(request)) reply.raw.shouldKeepAlive = false
      if (!isError) return endAfterBody(reply)
      if (!reply.raw.shouldKeepAlive) {
        reply.headers({ connection: 'close', 'content-length': Buffer.byteLength(payload) })
        return done(null, Readable.from(holdOpen(payload, raw)))
      }
      // With this header of Fastify, Node would close the connection as soon as the response is written.
      reply.removeHeader('connection')
    }
    done()
  })
}, { name: 'drain-request-body', dependencies: ['connections', 'security-headers', 'slow-bodies'], fastify: '5.x' })

const ignoresBody = ({ routeOptions: { config } }: FastifyRequest) => config.ignoresBody === true

/** Starts before the response is written, since afterwards Node would discard the rest without a limit. */
function drain (request: IncomingMessage, maximumBytes: number): void {
  let remainingBytes = maximumBytes
  request.on('data', (chunk: Buffer) => {
    remainingBytes -= chunk.length
    if (remainingBytes < 0) request.destroy()
  })
  request.resume()
}

/**
 * Yields the whole response at once, and ends when the request body has been read. Node closes a connection that is not kept
 * (HTTP/1.0, `Connection: close`, a shutdown) at the end of the response.
 */
async function * holdOpen (payload: string, request: IncomingMessage): AsyncGenerator<string> {
  yield payload
  // A client that disconnects ends the wait too.
  await finished(request).catch(() => {})
}

/** Sends a reply without a body at once, and closes the connection when the request body has been read. */
function endAfterBody (reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders).flushHeaders()
  finished(reply.request.raw).catch(() => {}).finally(() => reply.raw.end())
}
