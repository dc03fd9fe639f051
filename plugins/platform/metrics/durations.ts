import type { FastifyReply, FastifyRequest } from 'fastify'
import { Histogram, type Registry } from 'prom-client'

/** From a millisecond to the write timeout. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Observing looks the series up by its labels, which costs far less for many in a row than within each request. */
const maximumNoted = 256

/** One method, route and status. */
interface Series {
  histogram: Histogram.Internal<string>
  /** Seconds that are not in the histogram yet. */
  noted: number[]
}

export interface Durations {
  note (request: FastifyRequest, reply: FastifyReply): void
}

/** The histogram of requests by method, route template and status; addresses that are no route share one label. */
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
  /** By the configuration of a route, which each route has one of, its method, and the status. */
  const routes = new Map<object, Record<string, Array<Series | undefined>>>()

  function open ({ is404, method, routeOptions: { url = '' } }: FastifyRequest, status: number): Series {
    const labels = is404 ? { method: 'any', route: 'unmatched' } : { method, route: url }
    const series = { histogram: duration.labels({ ...labels, status: String(status) }), noted: [] }
    all.push(series)
    return series
  }

  return {
    note (request, reply) {
      const { config } = request.routeOptions
      let methods = routes.get(config)
      if (methods === undefined) routes.set(config, methods = {})
      const statuses = methods[request.method] ??= []
      const series = statuses[reply.statusCode] ??= open(request, reply.statusCode)
      if (series.noted.push(reply.elapsedTime / 1000) === maximumNoted) observe(series)
    }
  }
}

function observe ({ histogram, noted }: Series): void {
  for (const seconds of noted) histogram.observe(seconds)
  noted.length = 0
}
