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
 * Returns type, message, stack, code and causes of an error. Other properties are dropped: client libraries add credentials,
 * bodies and rows with phone numbers to their errors.
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

/** Returns the method and the route template. The URL is left out, because it can contain a signature. */
function describeRequest (request: FastifyRequest) {
  return { method: request.method, route: request.routeOptions?.url }
}

/** PIPE_BUF of Linux: longer writes to a pipe that several processes share can be interleaved. */
const maximumBuffered = 4096

/** Lines of the current event-loop turn. */
let bufferedLines = ''

/**
 * Writes the lines of an event-loop turn together. A separate write costs as much as formatting the line; measure it by
 * `npm run bench` with LOG_LEVEL=debug.
 */
function writeLine (line: string): void {
  if (bufferedLines.length + line.length > maximumBuffered) flushLog()
  if (bufferedLines === '') setImmediate(flushLog)
  bufferedLines += line
}

/** Writes the lines that wait for the end of the event-loop turn. */
export function flushLog (): void {
  const lines = bufferedLines
  bufferedLines = ''
  if (lines !== '') process.stdout.write(lines)
}

// A process that exits or crashes must write its last lines, which contain the reason.
process.on('exit', flushLog)

/** Where the logger writes its lines. */
export interface LogStream { write (line: string): void }

const jsonLines: LogStream = { write: writeLine }

/**
 * Returns the stream of a service: readable lines at a terminal outside production, if the development package pino-pretty is installed;
 * JSON lines otherwise.
 */
export async function openLogStream (
  mode: string, isTerminal: boolean, load = async () => await import('pino-pretty')
): Promise<LogStream> {
  if (mode === 'production' || !isTerminal) return jsonLines
  const pretty = await load().catch(() => undefined)
  if (pretty === undefined) return jsonLines
  const format = pretty.prettyFactory({ colorize: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' })
  return { write: (line) => { writeLine(format(line)) } }
}

/** Options of the logger, which writes JSON lines to stdout by default. */
export function logOptions (level: string, stream: LogStream = jsonLines) {
  return { level, stream, serializers: { err: describeError, req: describeRequest, busboyOptions: () => undefined } }
}

/**
 * Logs one line for each request at `debug`, because a line costs 8 % of an authenticated request. The error handler logs
 * refusals and failures.
 */
export class RequestLog extends LogController {
  override incomingRequest (): void {}

  override requestCompleted (_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    request.log.debug({ req: request, status: reply.statusCode, milliseconds: reply.elapsedTime }, 'request completed')
  }
}
