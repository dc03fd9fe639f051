import Fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions, type RawServerDefault } from 'fastify'
import fp from 'fastify-plugin'
import app, { type AppOptions } from '../app.ts'
import { answerClientError } from '../http/client-errors.ts'
import { corsHeadersFor } from '../http/cors.ts'
import type { Config } from '../config/index.ts'
import { createProxyTrust } from '../domain/auth/trusted-proxies.ts'
import { failureBody, toApiError } from '../http/error-response.ts'
import { describeAddress } from '../http/logged-address.ts'
import { logOptions, openLogStream, RequestLog, type LogStream } from './logging.ts'
import { createRequestIds } from '../http/request-ids.ts'

/**
 * Idle connections are closed after a minute. Headers and body of a request must arrive within 10 s, except the bodies that
 * `plugins/http/slow-bodies.ts` exempts.
 */
const idleTimeoutMs = 60_000
const readTimeoutMs = 10_000
/** Node checks timeouts every 30 s by default, so a slow request could live that much longer. */
const timeoutCheckMs = 1000
/** 0.1 MiB. Multipart forms have their own limits in `upload-form.ts`. */
const bodyLimitBytes = 104_856
/** Catches a plugin that hangs. START_WAIT_SECONDS bounds the wait for PostgreSQL and Redis. */
const pluginMarginMs = 60_000

type Options = FastifyServerOptions<RawServerDefault> & { http: object }

/** Fastify options of the service and of workers: timeouts, logs, request ids, and errors before routing. */
export function serverOptions ({ process, http }: Config, stream?: LogStream): Options {
  return {
    logger: logOptions(process.logLevel, stream),
    logController: new RequestLog(),
    genReqId: createRequestIds(),
    bodyLimit: bodyLimitBytes,
    routerOptions: { ignoreTrailingSlash: true },
    keepAliveTimeout: idleTimeoutMs,
    requestTimeout: readTimeoutMs,
    http: {
      headersTimeout: readTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
      // Node drops a second Authorization header by default. Joined with the first, it fails authentication.
      joinDuplicateHeaders: true,
      // `plugins/http/node-refusals.ts` refuses requests without Host.
      requireHostHeader: false
    },
    pluginTimeout: process.startWaitSeconds * 1000 + pluginMarginMs,
    // The service answers these itself, with an error of the catalogue.
    return503OnClosing: false,
    trustProxy: http.trustedProxies.length === 0 ? false : createProxyTrust(http.trustedProxies),
    clientErrorHandler: answerClientError,
    frameworkErrors (error, request, reply: FastifyReply) {
      const failure = toApiError(error)
      request.log.info({ code: failure.code, ...describeAddress(request) }, 'request refused')
      request.server.metrics.countRefused(failure.statusCode)
      return reply.code(failure.statusCode).headers({ 'cache-control': 'no-store', ...corsHeadersFor(request.headers.origin, http) })
        .send(failureBody(failure, request.id))
    }
  }
}

/**
 * Builds a service that is ready to listen or to be injected into.
 * @throws {StartError} when a dependency cannot be reached
 */
export async function buildInstance (options: AppOptions): Promise<FastifyInstance> {
  const stream = await openLogStream(options.config.process.mode, process.stdout.isTTY)
  const instance = Fastify(serverOptions(options.config, stream))
  try {
    await instance.register(fp(app), options)
    await instance.ready()
    return instance
  } catch (error) {
    // Plugins that have started must close: the embedded server must not outlive a failed start.
    await instance.close().catch(() => {})
    throw error
  }
}
