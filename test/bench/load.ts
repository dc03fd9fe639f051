import { Agent, request } from 'node:http'
import { createHistogram } from 'node:perf_hooks'
import autocannon from 'autocannon'

/** Figures of one round of load. */
export interface Round {
  /** Number of operations. */
  count: number
  /** Per second. */
  rate: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** Number of SMS outstanding when the last request was answered. */
  backlog?: number
}

/** Counts answers and their times, in microseconds: autocannon's own figures are whole milliseconds. */
function createMeter () {
  const histogram = createHistogram()
  const start = performance.now()
  return {
    record (milliseconds: number) { histogram.record(Math.max(1, Math.round(milliseconds * 1000))) },
    get count () { return histogram.count },
    round (): Round {
      const seconds = (performance.now() - start) / 1000
      return { count: histogram.count, rate: histogram.count / seconds, p50: histogram.percentile(50) / 1000, p99: histogram.percentile(99) / 1000 }
    }
  }
}

export interface CannonOptions extends Omit<autocannon.Options, 'duration' | 'setupClient'> {
  seconds: number
  /** Each connection sends its share of these requests in turn. */
  inTurn?: autocannon.Request[]
  /** Resolves when the background work of `count` requests is done; the round lasts until then. */
  completed?: (count: number) => Promise<void>
}

/** Sends the same kind of request repeatedly, one at a time on each connection. */
export async function fire ({ seconds, inTurn, completed, ...options }: CannonOptions): Promise<Round> {
  let clients = 0
  function setupClient (client: autocannon.Client): void {
    const own = clients++
    const share = inTurn?.filter((_request, index) => index % options.connections === own)
    if (share !== undefined) client.setRequests(share)
  }
  const load = autocannon({ ...options, setupClient, duration: seconds, sampleInt: 50 })
  const meter = createMeter()
  load.on('response', (_client: unknown, _status: number, _bytes: number, milliseconds: number) => meter.record(milliseconds))
  const { errors, timeouts, non2xx, statusCodeStats } = await load
  if (errors + timeouts + non2xx > 0) {
    throw new Error(
      `${options.url}: ${errors} errors, ${timeouts} timeouts, ${non2xx} answers that are not 2xx: ${JSON.stringify(statusCodeStats)}`
    )
  }
  await completed?.(meter.count)
  return meter.round()
}

export interface FlowOptions {
  clients: number
  seconds: number
  /** The round ends early after this number of flows. */
  maximum?: number
  /** Runs one flow; its client starts the next one afterwards. */
  run: () => Promise<void>
}

/** Runs flows whose requests depend on earlier answers. */
export async function flow ({ clients, seconds, maximum = Infinity, run }: FlowOptions): Promise<Round> {
  const meter = createMeter()
  const end = performance.now() + seconds * 1000
  let started = 0
  await Promise.all(Array.from({ length: clients }, async () => {
    for (let start = performance.now(); start < end && started++ < maximum; start = performance.now()) {
      await run()
      meter.record(performance.now() - start)
    }
  }))
  return meter.round()
}

/** POSTs JSON; rejects if the answer does not have this status. */
export type Post = (url: string, body: object, expectedStatus?: number) => Promise<void>

/** Creates a client with keep-alive connections. */
export function createPoster (connections: number): Post {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return (url, body, expectedStatus = 200) => new Promise((resolve, reject) => {
    const text = JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    request(url, { agent, method: 'POST', headers }, (response) => {
      const { statusCode = 0 } = response
      if (statusCode !== expectedStatus) reject(new Error(`${url} answered ${statusCode}`))
      response.on('end', resolve).on('error', reject).resume()
    }).on('error', reject).end(text)
  })
}
