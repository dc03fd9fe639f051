import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { failureBody } from './error-response.ts'
import { ApiError, type ErrorCode } from './errors.ts'
import { createRequestIds } from './request-ids.ts'

const nextId = createRequestIds()

const byParserCode: Record<string, ErrorCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'CHR_REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'CHR_HEADERS_TOO_LARGE'
}

/** Answers malformed, oversized or slow requests, which the parser of Node refuses before Fastify sees them. */
export function answerClientError (error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const failure = new ApiError(byParserCode[error.code ?? ''] ?? 'CHR_BAD_REQUEST')
  const body = JSON.stringify(failureBody(failure, nextId()))
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: ServerResponse | null }
  // A second response must not be written into one that has begun.
  if (socket.writable && answer?.headersSent !== true) {
    socket.write(`HTTP/1.1 ${failure.statusCode} ${getStatusText(failure)}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`)
  }
  socket.destroy(error)
}

function getStatusText ({ statusCode }: ApiError): string {
  return statusCode === 408 ? 'Request Timeout' : statusCode === 431 ? 'Request Header Fields Too Large' : 'Bad Request'
}
