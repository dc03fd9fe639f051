/** The part of autocannon that the benchmark uses; the package has no types. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  namespace autocannon {
    interface Request {
      method?: string
      path?: string
      headers?: Record<string, string>
      body?: string | Buffer
      /** Creates each request. */
      setupRequest? (request: Request): Request
    }

    interface Client {
      setRequests (requests: Request[]): void
    }

    interface Options extends Pick<Request, 'method' | 'headers' | 'body'> {
      url: string
      connections: number
      /** Seconds. */
      duration: number
      /** Interval in milliseconds at which the end of the time is checked. */
      sampleInt?: number
      requests?: Request[]
      setupClient? (client: Client): void
    }

    interface Result { errors: number, timeouts: number, non2xx: number, statusCodeStats: Record<string, { count: number }> }
    type Instance = EventEmitter & PromiseLike<Result>
  }

  function autocannon (options: autocannon.Options): autocannon.Instance
  export = autocannon
}
