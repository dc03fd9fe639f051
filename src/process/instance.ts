import Fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions, type RawServerDefault } from 'fastify'
import fp from 'fastify-plugin'
import app, { type AppOptions } from '../app.ts'
import { answerBrokenRequest } from '../http/client-errors.ts'
import type { Config } from '../config/index.ts'
import { failureBody, toApiError } from '../http/error-response.ts'
import { logOptions, RequestLog } from './logging.ts'
import { createRequestIds } from '../http/request-ids.ts'

/** Of the original: idle connections, and reading one request with headers and body. */
const idleTimeoutMs = 60_000
const readTimeoutMs = 10_000
/** Node's own 30 s would let a slow request live that much longer. */
const timeoutCheckMs = 1000
/** Of the original. Multipart has limits of its own. */
const bodyLimitBytes = 104_856
/** Waiting for PostgreSQL and Redis is bounded by START_WAIT_SECONDS; this only catches a plugin that hangs. */
const pluginMarginMs = 60_000

type Options = FastifyServerOptions<RawServerDefault> & { http: object }

/** How the processes of the service read requests and write logs. */
export function serverOptions ({ process, http }: Config): Options {
  const proxies = [...http.trustedProxies]
  return {
    logger: logOptions(process.logLevel),
    logController: new RequestLog(),
    genReqId: createRequestIds(),
    bodyLimit: bodyLimitBytes,
    routerOptions: { ignoreTrailingSlash: true },
    keepAliveTimeout: idleTimeoutMs,
    requestTimeout: readTimeoutMs,
    http: {
      headersTimeout: readTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
      // A second Authorization header joins the first and fails, instead of being dropped unseen.
      joinDuplicateHeaders: true
    },
    pluginTimeout: process.startWaitSeconds * 1000 + pluginMarginMs,
    // Answered by our own hook, in the words of the catalogue.
    return503OnClosing: false,
    trustProxy: proxies.length === 0 ? false : proxies,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors (error, request, reply: FastifyReply) {
      const failure = toApiError(error)
      return reply.code(failure.statusCode).header('cache-control', 'no-store').send(failureBody(failure, request.id))
    }
  }
}

/** A service that is ready to listen or to be injected into. */
export async function buildInstance (options: AppOptions): Promise<FastifyInstance> {
  const instance = Fastify(serverOptions(options.config))
  try {
    await instance.register(fp(app), options)
    await instance.ready()
    return instance
  } catch (error) {
    // What was opened before the failure is closed again: the embedded server must not outlive a failed start.
    await instance.close().catch(() => {})
    throw error
  }
}
