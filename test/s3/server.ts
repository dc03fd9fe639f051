import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { errorAnswer, sendAnswer, type Answer } from './answers.ts'
import { Faults, type Fault } from './faults.ts'
import { openBuckets } from './objects.ts'
import { perform, readTarget, type Abilities } from './operations.ts'
import { Refusal } from './refusal.ts'
import { checkSignature, type Credentials } from './signature.ts'

export interface S3ServerOptions extends Partial<Abilities> {
  folder: string
  credentials: Credentials
  region?: string
  /** `0` picks any free port. */
  port?: number
}

export interface S3Server {
  url: string
  faults: Faults
  /** The requested operations, in order. */
  requests: string[]
  /** Offset of the server's clock in milliseconds. */
  clockOffsetMs: number
  openConnections (): Promise<number>
  close (): Promise<void>
}

/**
 * Starts a fake of the part of S3 that the service uses, with signatures, error responses and faults on demand, on a loopback
 * address.
 */
export async function startS3Server (options: S3ServerOptions): Promise<S3Server> {
  const { folder, credentials, region = 'us-east-1', port = 0, pageSize = 1000, isConditional = true } = options
  const { conditionRefusal = { status: 501, code: 'NotImplemented' } } = options
  const buckets = await openBuckets(folder)
  const faults = new Faults()
  const requests: string[] = []

  async function answer (request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = readTarget(request)
    requests.push(target.operation)
    const fault = faults.use(target.operation)
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'reset' && fault.isDone !== true) {
      request.socket.destroy()
      return
    }
    if (fault?.kind === 'refuse') throw new Refusal(fault.status, fault.code)
    const { method = '', url = '', headers } = request
    const now = Date.now() + server.clockOffsetMs
    const bodyHash = checkSignature({ method, url, headers }, { credentials, region, now })
    const done = await perform({ buckets, target, request, bodyHash, pageSize, isConditional, conditionRefusal })
    if (fault?.kind === 'reset') request.socket.destroy()
    else sendAnswer(response, done, fault)
  }

  const http = createServer((request, response) => {
    response.setHeader('date', new Date(Date.now() + server.clockOffsetMs).toUTCString())
    const work = request.url === '/_faults' ? control(faults, request, response) : answer(request, response)
    work.catch((error: unknown) => { refuse(request, response, error) })
  })
  http.listen(port, '127.0.0.1')
  await once(http, 'listening')

  const server: S3Server = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    faults,
    requests,
    clockOffsetMs: 0,
    async openConnections () {
      return await new Promise((resolve, reject) => {
        http.getConnections((error, count) => {
          error === null
            ? resolve(count)
            : reject(error)
        })
      })
    },
    async close () {
      if (!http.listening) return
      http.close()
      http.closeAllConnections()
      await once(http, 'close')
    }
  }
  return server
}

/** `POST /_faults` adds a fault or a list, `GET` lists and `DELETE` removes the pending ones, without signatures. */
async function control (faults: Faults, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'DELETE') faults.clear()
  if (request.method === 'POST') faults.add(...[await json(request) as Fault | Fault[]].flat())
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(faults.list()))
}

/** Writes nothing if the client has disconnected. */
function refuse (request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const answer: Answer = error instanceof Refusal ? errorAnswer(error.status, error.code) : errorAnswer(500, 'InternalError')
  // The rest of the request body is not read, so the connection cannot be reused.
  if (request.method === 'PUT' && !request.complete) response.setHeader('connection', 'close')
  if (!response.destroyed) sendAnswer(response, request.method === 'HEAD' ? { status: answer.status } : answer, undefined)
}
