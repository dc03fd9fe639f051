import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import type { ApiError } from './errors.ts'

const replyOf = Symbol('reply')
const isCutOff = Symbol('is cut off')

/**
 * A request as the parser of Node knows it, with what errors in its body need. They are properties, because a WeakMap with an entry
 * for each request doubled the time of garbage collection; `npm run bench` shows it as the cost of a wrong code.
 */
interface TrackedRequest extends IncomingMessage {
  [replyOf]?: FastifyReply
  [isCutOff]?: boolean
}

/** The request of each connection whose body may arrive slowly. */
const slow = new WeakMap<Socket, IncomingMessage>()

/** Whether the headers announce a body. */
export function hasBody ({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Remembers the reply to a request with a body, for errors that occur while the body arrives. */
export function rememberReply (reply: FastifyReply): void {
  const request: TrackedRequest = reply.request.raw
  request[replyOf] = reply
}

/** Returns the reply to a request whose body has not arrived completely. */
export function getOpenReply (request: TrackedRequest | undefined): FastifyReply | undefined {
  return request === undefined || request.complete ? undefined : request[replyOf]
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
export function cutBody (request: TrackedRequest, failure: ApiError): boolean {
  request[isCutOff] = true
  // Without a listener, the event would throw.
  return request.listenerCount('error') > 0 && request.emit('error', failure)
}

/** Whether `cutBody` was called for the request. */
export function isCut (request: TrackedRequest): boolean {
  return request[isCutOff] === true
}
