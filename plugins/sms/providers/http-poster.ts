import type { IncomingHttpHeaders } from 'node:http'
import { isIP, type LookupFunction } from 'node:net'
import type { Dispatcher } from 'undici'
import { getHost } from '../../../src/http/hosts.ts'
import { findProxy, type OutboundProxies } from '../../../src/http/outbound-proxy.ts'
import { withTimeout } from '../../../src/process/timeout.ts'

export interface PostedRequest {
  headers: Record<string, string>
  body: string
}

export interface PostReply {
  status: number
  /** The Retry-After header: seconds or a date. */
  retryAfter: string | undefined
  body: string
}

/** Sends POST requests over a pool of keep-alive connections, one for each concurrent call. Redirects are not followed. */
export interface Poster {
  /** @throws {PostError} if no complete reply arrives */
  post (url: URL, request: PostedRequest): Promise<PostReply>
  /** Aborts calls in flight. */
  close (): Promise<void>
}

export interface PosterOptions {
  /** Limits the whole call, from connecting to the last byte of the reply. */
  timeoutMs?: number
  /**
   * Resolves host names; defaults to the system's resolver. Not called if the URL contains an IP address. Before a call through a
   * proxy it only checks the name, which the proxy then resolves again.
   */
  lookup?: LookupFunction
  /** Without them every call is direct. */
  proxies?: OutboundProxies
}

/** Thrown if no complete reply arrived. The error contains neither the request nor its URL. */
export class PostError extends Error {
  override readonly name = 'PostError'
  /** Whether the request was sent, so that the server may have accepted it. */
  readonly hasLeft: boolean

  constructor (reason: string, hasLeft: boolean) {
    super(reason)
    this.hasLeft = hasLeft
  }
}

/** A shutdown waits for calls in flight, so this is short. */
const defaultTimeoutMs = 7000
/** Servers close idle connections after 5 s or more. If that coincides with a request, its outcome is unknown. */
const idleTimeoutMs = 4000
/** Replies have a few hundred bytes; a larger one does not come from a gateway. */
const maximumReplyBytes = 65_536

/**
 * Creates a poster. It uses undici, which needs half the CPU time of `node:http` and checks a keep-alive connection before
 * it writes to it. Undici treats an unrequested `100 Continue` as a broken reply. The first request loads it, which takes
 * 110 ms and 26 MB; a process that sends no SMS does without.
 */
export function createPoster ({ timeoutMs = defaultTimeoutMs, lookup, proxies = noProxies }: PosterOptions = {}): Poster {
  /** The agents, by the URL of their proxy. */
  const agents = new Map<string | undefined, Promise<Dispatcher>>()

  async function openAgent (proxy: string | undefined): Promise<Dispatcher> {
    const { Agent, ProxyAgent } = await import('undici')
    const options = {
      // It is untested what an error of a shared HTTP/2 connection means for each request on it.
      allowH2: false,
      keepAliveTimeout: idleTimeoutMs,
      keepAliveMaxTimeout: idleTimeoutMs,
      maxResponseSize: maximumReplyBytes
    }
    return proxy === undefined
      ? new Agent({ ...options, connect: { timeout: timeoutMs, ...(lookup === undefined ? {} : { lookup }) } })
      : new ProxyAgent({ ...options, uri: proxy, connectTimeout: timeoutMs })
  }

  return {
    async post (url, request) {
      const { origin, pathname, search } = url
      const proxy = findProxy(url, proxies)
      if (proxy !== undefined && lookup !== undefined) await checkHost(lookup, getHost(url), timeoutMs)
      const agent = agents.get(proxy) ?? openAgent(proxy)
      agents.set(proxy, agent)
      const dispatcher = await agent
      return await new Promise((resolve, reject) => {
        dispatcher.dispatch({ origin, path: pathname + search, method: 'POST', ...request }, new Call({ resolve, reject, timeoutMs }))
      })
    },
    async close () {
      for (const agent of agents.values()) await (await agent).destroy()
    }
  }
}

const noProxies: OutboundProxies = { httpProxy: undefined, httpsProxy: undefined, noProxy: [] }

/** @throws {PostError} if the lookup refuses the host, does not find it or takes too long */
async function checkHost (lookup: LookupFunction, host: string, timeoutMs: number): Promise<void> {
  if (isIP(host) !== 0) return
  const looked = new Promise<NodeJS.ErrnoException | null>((resolve) => { lookup(host, { all: true }, resolve) })
  const error = await withTimeout(timeoutMs, looked, new Error('timeout') as NodeJS.ErrnoException)
  if (error !== null) throw new PostError(error.code ?? error.message, false)
}

/** Messages of undici after a proxy refused a tunnel or the credentials. */
const proxyRefusal = /^Proxy (?:response|Authentication Required) \((\d{3})\)/

interface CallOptions {
  resolve (reply: PostReply): void
  reject (error: PostError): void
  timeoutMs: number
}

/** Handles a request from the wait for a connection to the last byte of the reply. */
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

  /** Called when the connection is open and nothing is written yet: a failure before this means certainly not sent. */
  onRequestStart (controller: Dispatcher.DispatchController): void {
    // The call has timed out; or the request was written before, because undici's contract permits a second start.
    if (this.#isOver || this.#controller !== undefined) return controller.abort(new Error('over'))
    this.#controller = controller
  }

  onResponseStart (_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status
    // Undici returns a list if the header is repeated.
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
    const [, proxyStatus] = proxyRefusal.exec(error.message) ?? []
    this.#options.reject(proxyStatus === undefined
      ? new PostError(error.code ?? error.message, this.#controller !== undefined)
      : new PostError(`the proxy replied with status ${proxyStatus}`, false))
  }

  #end (): void {
    this.#isOver = true
    clearTimeout(this.#deadline)
  }
}
