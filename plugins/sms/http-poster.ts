import { Agent as HttpAgent, request as requestByHttp, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent, request as requestByHttps } from 'node:https'
import type { LookupFunction, Socket } from 'node:net'

export interface PostedRequest {
  headers: OutgoingHttpHeaders
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
  close (): void
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

export function createPoster ({ timeoutMs = defaultTimeoutMs, lookup }: PosterOptions = {}): Poster {
  const agentOptions = { keepAlive: true, maxFreeSockets: Infinity, timeout: idleTimeoutMs }
  const http = { request: requestByHttp, agent: new HttpAgent(agentOptions), readyEvent: 'connect' }
  const https = { request: requestByHttps, agent: new HttpsAgent(agentOptions), readyEvent: 'secureConnect' }
  /** Those that are connected, and by TLS shaken hands with. */
  const ready = new WeakSet<Socket>()

  return {
    post: (url, { headers, body }) => new Promise((resolve, reject) => {
      const { request: open, agent, readyEvent } = url.protocol === 'http:' ? http : https
      let hasLeft = false
      const request = open(url, { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, ...(lookup === undefined ? {} : { lookup }) })
      // By itself: a request whose connection went to another protocol (101) is destroyed already, and tells nobody.
      const deadline = setTimeout(() => {
        fail(new Error('timeout'))
        request.destroy()
      }, timeoutMs)

      function fail (error: NodeJS.ErrnoException): void {
        clearTimeout(deadline)
        reject(new PostError(error.code ?? error.message, hasLeft))
      }

      function send (): void {
        hasLeft = true
        request.end(body)
      }

      // Nothing is written before the connection stands, so whatever fails until then is surely not sent.
      request.once('socket', (socket) => {
        if (ready.has(socket)) return send()
        socket.once(readyEvent, () => {
          ready.add(socket)
          send()
        })
      })
      request.once('response', (response) => {
        read(response).then((text) => {
          clearTimeout(deadline)
          resolve({ status: Number(response.statusCode), retryAfter: response.headers['retry-after'], body: text })
        }, fail)
      })
      request.on('error', fail)
    }),
    close () {
      http.agent.destroy()
      https.agent.destroy()
    }
  }
}

/** The whole body; rejects when it is cut or too long. By events: iterating costs a tenth of a call. */
async function read (response: IncomingMessage): Promise<string> {
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    response.on('data', (chunk: Buffer) => {
      length += chunk.length
      chunks.push(chunk)
      if (length > maximumAnswerBytes) response.destroy(new Error('the answer is too long'))
    })
    response.on('end', () => resolve(Buffer.concat(chunks).toString()))
    response.on('error', reject)
  })
}
