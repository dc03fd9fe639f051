import fp from 'fastify-plugin'
import { ApiError } from '../../src/http/errors.ts'

/**
 * Handles the requests that Node would refuse by itself with an empty response, which is neither logged nor counted: a request of
 * HTTP/1.1 without Host is refused with an error of the catalogue, and an unknown Expect header is ignored (RFC 9110, §10.1.1).
 * Depends on `security-headers`, so that the refusal has its headers.
 */
export default fp(async (fastify) => {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    const isRefused = raw.headers.host === undefined && raw.httpVersion === '1.1'
    done(isRefused ? new ApiError('CHR_BAD_REQUEST', { message: 'The request has no Host header.' }) : undefined)
  })
  fastify.server.on('checkExpectation', (request, response) => { fastify.server.emit('request', request, response) })
}, { name: 'node-refusals', dependencies: ['security-headers'], fastify: '5.x' })
