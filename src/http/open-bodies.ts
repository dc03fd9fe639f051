import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import type { ApiError } from './errors.ts'

/** The replies to requests that have a body. The parser of Node knows the request alone. */
const replies = new WeakMap<IncomingMessage, FastifyReply>()
/** The request of each connection whose body may arrive slowly. */
const slow = new WeakMap<Socket, IncomingMessage>()
/** Requests whose body was cut off. */
const cut = new WeakSet<IncomingMessage>()

/** Whether the headers announce a body. */
export function hasBody ({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Remembers the reply to a request with a body, for errors that occur while the body arrives. */
export function rememberReply (reply: FastifyReply): void {
  replies.set(reply.request.raw, reply)
}

/** Returns the reply to a request whose body has not arrived completely. */
export function getOpenReply (request: IncomingMessage | undefined): FastifyReply | undefined {
  return request === undefined || request.complete ? undefined : replies.get(request)
}

/** Exempts a request from the time limit of Node, which is the same for every route. */
export function markSlow (request: IncomingMessage): void {
  slow.set(request.socket, request)
}

/** Whether the body that arrives on a connection is exempt from the time limit of Node. */
export function isArrivingSlowly (socket: Socket): boolean {
  return slow.get(socket)?.complete === false
}

/**
 * Passes an error to the reader of a body that cannot be read further. The connection closes after the response. Returns false when
 * no reader has started yet.
 */
export function cutBody (request: IncomingMessage, failure: ApiError): boolean {
  cut.add(request)
  // Without a listener, the event would throw.
  return request.listenerCount('error') > 0 && request.emit('error', failure)
}

/** Whether `cutBody` was called for the request. */
export function isCut (request: IncomingMessage): boolean {
  return cut.has(request)
}
