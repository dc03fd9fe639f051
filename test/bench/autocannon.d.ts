/** The part of autocannon that the benchmark uses; it brings no types of its own. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  namespace autocannon {
    interface Request {
      method?: string
      path?: string
      headers?: Record<string, string>
      body?: string | Buffer
      /** Makes each request anew. */
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
      /** Milliseconds between looks at whether the time is over. */
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
