import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyServerOptions, RawServerDefault } from 'fastify'
import { answerClientError } from '../http/client-errors.ts'
import { serverOptions as instanceOptions } from '../process/instance.ts'
import { parseSettings, type Settings } from './settings.ts'

/** Options of `Fastify()` for a host. */
export type HostOptions = FastifyServerOptions<RawServerDefault> & { http: object }

/** The service behind each server, for the metrics of refused requests. */
const services = new WeakMap<object, FastifyInstance>()

/**
 * Returns the options of `Fastify()` that a plugin cannot set: time limits of the server and of the start, proxies, and the replies to
 * requests that Node cannot parse. Spread them before options of your own.
 * @throws {ConfigError}
 */
export function serverOptions (settings: Settings): HostOptions {
  const { keepAliveTimeout, requestTimeout, http, pluginTimeout, trustProxy } = instanceOptions(parseSettings(settings))
  return { keepAliveTimeout, requestTimeout, http, pluginTimeout, trustProxy, clientErrorHandler: answerHostClientError }
}

function answerHostClientError (this: FastifyInstance, error: Error & { code?: string }, socket: Socket): void {
  const metrics = services.get(this.server)?.metrics
  answerClientError.call({ log: this.log, metrics: { countRefused: (...refusal) => { metrics?.countRefused(...refusal) } } }, error, socket)
}

/**
 * Logs one warning for each option of `serverOptions` that the host lacks and that protects the service. An option of the host that
 * differs from the default is its own choice.
 */
export function warnAboutServer ({ server, initialConfig }: FastifyInstance, service: FastifyInstance): void {
  services.set(server, service)
  const { pluginTimeout } = instanceOptions(service.config)
  const checks: Array<[name: string, isMissing: boolean, consequence: string]> = [
    ['requestTimeout', server.requestTimeout === 0, 'a client may take any time to send a request'],
    ['http.headersTimeout', server.headersTimeout === nodeHeadersTimeoutMs, 'headers may take 60 s'],
    ['keepAliveTimeout', server.keepAliveTimeout === fastifyKeepAliveMs, 'idle connections stay open for 72 s'],
    ['http.joinDuplicateHeaders', !('joinDuplicateHeaders' in server && server.joinDuplicateHeaders === true), 'a second Authorization header is ignored'],
    ['pluginTimeout', isShorter(initialConfig.pluginTimeout, pluginTimeout), 'a start that waits for its dependencies fails early'],
    ['clientErrorHandler', !server.listeners('clientError').some(isOwnHandler), 'the limits for slow uploads do not hold, and malformed requests get a reply of another form']
  ]
  const missing = checks.filter(([, isMissing]) => isMissing)
  for (const [option, , consequence] of missing) {
    service.log.warn({ option }, `the app lacks the option ${option} of serverOptions(config): ${consequence}`)
  }
}

const nodeHeadersTimeoutMs = 60_000
const fastifyKeepAliveMs = 72_000

/** 0 means no time limit. */
function isShorter (milliseconds = 0, needed = 0): boolean {
  return milliseconds > 0 && milliseconds < needed
}

/** Fastify binds the handler to the instance, which leaves its name. */
function isOwnHandler ({ name }: { name: string }): boolean {
  return name === `bound ${answerHostClientError.name}`
}
