import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { failureBody } from './error-response.ts'
import { ApiError, type ErrorCode } from './errors.ts'
import { describeAddress } from './logged-address.ts'
import { cutBody, getOpenReply, isArrivingSlowly, isCut } from './open-bodies.ts'
import { createRequestIds } from './request-ids.ts'

const nextId = createRequestIds()

const byParserCode: Record<string, ErrorCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'CHR_REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'CHR_HEADERS_TOO_LARGE'
}

/** The parts of the instance that record refusals. */
interface Recorders {
  log: FastifyInstance['log']
  metrics: Pick<FastifyInstance['metrics'], 'countRefused'>
}

/**
 * Refuses malformed, oversized or slow requests, which the parser of Node reports. If a body is being read, its reader gets the
 * error, and Fastify sends the response. Bodies with time limits of their own are left to those.
 */
export function answerClientError (this: Recorders, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const failure = new ApiError(byParserCode[error.code ?? ''] ?? 'CHR_BAD_REQUEST')
  if (failure.code === 'CHR_REQUEST_TIMEOUT' && isArrivingSlowly(socket)) return
  // Node detaches the response from the connection when it is complete.
  const { _httpMessage: response } = socket as Socket & { _httpMessage?: ServerResponse | null }
  const reply = getOpenReply(response?.req)
  if (reply !== undefined && !reply.raw.headersSent) {
    const { raw } = reply.request
    // The parser repeats its error for each further packet.
    if (isCut(raw) || cutBody(raw, failure)) return
  }
  // A second response must not be written into one that has begun, nor after one whose request is still arriving.
  if (socket.writable && !(response?.headersSent ?? isArrivingSlowly(socket))) refuse(this, socket, failure, reply)
  socket.destroy(error)
}

/** Writes a response, with the headers that Fastify has prepared if it has seen the request. */
function refuse ({ log, metrics }: Recorders, socket: Socket, failure: ApiError, reply: FastifyReply | undefined): void {
  const { statusCode, code } = failure
  const requestId = reply?.request.id ?? nextId()
  const body = JSON.stringify(failureBody(failure, requestId))
  const headers = {
    'cache-control': 'no-store',
    ...reply?.getHeaders(),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close'
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`)
  socket.write(`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\n${lines.join('')}\r\n${body}`)
  log.info({ reqId: requestId, code, ...reply === undefined ? {} : describeAddress(reply.request) }, 'request refused')
  metrics.countRefused(statusCode, reply?.request)
}
