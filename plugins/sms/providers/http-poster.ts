import type { IncomingHttpHeaders } from 'node:http'
import type { LookupFunction } from 'node:net'
import { Agent, type Dispatcher } from 'undici'

export interface PostedRequest {
  headers: Record<string, string>
  body: string
}

export interface PostAnswer {
  status: number
  /** Of the answer, in seconds or as a date. */
  retryAfter: string | undefined
  body: string
}

/** Posts over connections that are kept and reused, as many as there are calls at once. Follows no redirects. */
export interface Poster {
  /** @throws {PostError} when there is no complete answer */
  post (url: URL, request: PostedRequest): Promise<PostAnswer>
  /** Cuts what is under way. */
  close (): Promise<void>
}

export interface PosterOptions {
  /** For the whole call, from connecting to the last byte of the answer. */
  timeoutMs?: number
  /** Resolves host names; the system's own when unset. Not asked where the URL holds an address. */
  lookup?: LookupFunction
}

/** There is no complete answer. Holds neither the request nor its address. */
export class PostError extends Error {
  override readonly name = 'PostError'
  /** Whether the request had left, so that it may have been taken. */
  readonly hasLeft: boolean

  constructor (reason: string, hasLeft: boolean) {
    super(reason)
    this.hasLeft = hasLeft
  }
}

/** A shutdown has to wait for it. */
const defaultTimeoutMs = 7000
/** Servers close idle connections after 5 s or more; one closed just as it is written to leaves an unknown outcome. */
const idleTimeoutMs = 4000
/** Answers are a few hundred bytes; whoever sends more is not who was meant. */
const maximumAnswerBytes = 65_536

/**
 * By undici: it takes half the work of `node:http`, and looks at a kept connection before it writes to it. It takes a
 * `100 Continue` that nobody asked for as a broken answer.
 */
export function createPoster ({ timeoutMs = defaultTimeoutMs, lookup }: PosterOptions = {}): Poster {
  const agent = new Agent({
    // Nobody has tried what an error of a shared connection says of each request on it.
    allowH2: false,
    keepAliveTimeout: idleTimeoutMs,
    keepAliveMaxTimeout: idleTimeoutMs,
    maxResponseSize: maximumAnswerBytes,
    connect: { timeout: timeoutMs, ...(lookup === undefined ? {} : { lookup }) }
  })

  return {
    post: ({ origin, pathname, search }, request) => new Promise((resolve, reject) => {
      agent.dispatch({ origin, path: pathname + search, method: 'POST', ...request }, new Call({ resolve, reject, timeoutMs }))
    }),
    close: async () => { await agent.destroy() }
  }
}

interface CallOptions {
  resolve (answer: PostAnswer): void
  reject (error: PostError): void
  timeoutMs: number
}

/** One request, from the wait for a connection to the last byte of the answer. */
class Call implements Dispatcher.DispatchHandler {
  readonly #options: CallOptions
  readonly #deadline: NodeJS.Timeout
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #isOver = false
  #status = 0
  #retryAfter: string | undefined

  constructor (options: CallOptions) {
    this.#options = options
    this.#deadline = setTimeout(() => {
      const timeout = new Error('timeout')
      this.#fail(timeout)
      this.#controller?.abort(timeout)
    }, options.timeoutMs)
  }

  /** The connection stands and nothing is written: whatever failed before is surely not sent. */
  onRequestStart (controller: Dispatcher.DispatchController): void {
    // Whoever waits for this has given up; or it was written already, which undici's contract leaves open.
    if (this.#isOver || this.#controller !== undefined) return controller.abort(new Error('over'))
    this.#controller = controller
  }

  onResponseStart (_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status
    // Undici makes a list of one that comes twice.
    this.#retryAfter = [headers['retry-after']].flat()[0]
  }

  onResponseData (_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd (): void {
    this.#end()
    this.#options.resolve({ status: this.#status, retryAfter: this.#retryAfter, body: Buffer.concat(this.#chunks).toString() })
  }

  onResponseError (_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error)
  }

  #fail (error: NodeJS.ErrnoException): void {
    this.#end()
    this.#options.reject(new PostError(error.code ?? error.message, this.#controller !== undefined))
  }

  #end (): void {
    this.#isOver = true
    clearTimeout(this.#deadline)
  }
}
