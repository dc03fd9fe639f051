import type { FastifyReply, FastifyRequest } from 'fastify'
import { Histogram, type Registry } from 'prom-client'

/** Upper bounds in seconds, from a millisecond to the write timeout. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/**
 * Durations are observed in batches of this size, and at each scrape, which costs less than an observation within each request.
 * To measure the gain, set this to 1 and compare the auth check of `npm run bench`.
 */
const maximumPending = 256

/** The durations of a method, route and status. */
interface Series {
  histogram: Histogram.Internal<string>
  /** Durations in seconds that are not in the histogram yet. */
  pending: number[]
}

export interface Durations {
  /** Records the duration of a request that was answered. */
  record (request: FastifyRequest, reply: FastifyReply): void
  /** Records a request that was refused without Fastify, and before a route was found if there is no request. Its duration counts as 0. */
  recordRefused (status: number, request?: FastifyRequest): void
}

/** Registers the histogram of requests by method, route template and status. Unmatched addresses share one label. */
export function createDurations (registry: Registry): Durations {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests by route template and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets,
    registers: [registry],
    collect () { all.forEach(observe) }
  })
  const all: Series[] = []
  /** Series by the `config` object of the route, then by method, then by status. */
  const routes = new Map<object, Record<string, Array<Series | undefined>>>()

  const find = (status: number, request?: FastifyRequest) => duration.labels({ ...getLabels(request), status: String(status) })

  function open (request: FastifyRequest, status: number): Series {
    const series = { histogram: find(status, request), pending: [] }
    all.push(series)
    return series
  }

  return {
    record (request, reply) {
      const { config } = request.routeOptions
      let methods = routes.get(config)
      if (methods === undefined) routes.set(config, methods = {})
      const statuses = methods[request.method] ??= []
      const series = statuses[reply.statusCode] ??= open(request, reply.statusCode)
      if (series.pending.push(reply.elapsedTime / 1000) === maximumPending) observe(series)
    },

    recordRefused (status, request) {
      find(status, request).observe(0)
    }
  }
}

function getLabels (request: FastifyRequest | undefined): { method: string, route: string } {
  if (request === undefined || request.is404) return { method: 'any', route: 'unmatched' }
  const { method, routeOptions: { url = '' } } = request
  return { method, route: url }
}

function observe ({ histogram, pending }: Series): void {
  for (const seconds of pending) histogram.observe(seconds)
  pending.length = 0
}
