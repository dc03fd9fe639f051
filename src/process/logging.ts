import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'

interface LoggedError {
  [key: string]: unknown
  type: string
  message: string
  stack: string
  code?: unknown
  cause?: LoggedError
}

const maximumCauses = 5

/**
 * Type, text, stack, code and causes of an error, and nothing else it carries: client libraries hang
 * credentials, bodies and rows with phone numbers onto their errors.
 */
export function describeError (error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error', stack: '' }
  return {
    type: error.name,
    message: error.message,
    stack: error.stack ?? '',
    ...('code' in error ? { code: error.code } : {}),
    ...(error.cause === undefined || depth >= maximumCauses ? {} : { cause: describeError(error.cause, depth + 1) })
  }
}

/** Method and route template: an address can hold a signature. */
function describeRequest (request: FastifyRequest) {
  return { method: request.method, route: request.routeOptions?.url }
}

/** A pipe that several processes write to takes no more in one piece (PIPE_BUF of Linux). */
const maximumHeld = 4096

/** Of this turn of the event loop. */
let heldLines = ''

/** The lines of a turn are written together: a write of its own costs each as much as making it. */
function writeLine (line: string): void {
  if (heldLines.length + line.length > maximumHeld) release()
  if (heldLines === '') setImmediate(release)
  heldLines += line
}

function release (): void {
  const lines = heldLines
  heldLines = ''
  if (lines !== '') process.stdout.write(lines)
}

// Of a process that exits, or meets an error that nobody catches, the last lines tell why.
process.on('exit', release)

/** To stdout. */
export function logOptions (level: string) {
  return { level, stream: { write: writeLine }, serializers: { err: describeError, req: describeRequest, busboyOptions: () => undefined } }
}

/** One line a request, at `debug`: a line costs 8 % of an authenticated request. Refusals and failures are logged by the error handler. */
export class RequestLog extends LogController {
  override incomingRequest (): void {}

  override requestCompleted (_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    request.log.debug({ req: request, status: reply.statusCode, milliseconds: reply.elapsedTime }, 'request completed')
  }
}
