import { createServer, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/** A message that arrived, times in milliseconds since the epoch. */
export interface Call {
  to: string
  body: string
  arrivedAt: number
  /** When the whole answer was handed to the system; `undefined` where the connection was gone by then. */
  answeredAt: number | undefined
}

/**
 * A carrier that keeps every call for good, in a process of its own, so that neither the service nor the load delays
 * what it notes. Each answer takes as long as the first argument says, in milliseconds. `GET /calls` has all of them.
 */
const latencyMs = Number(process.argv[2])
const calls: Call[] = []

async function take (form: URLSearchParams, call: Call, response: ServerResponse): Promise<void> {
  call.to = form.get('To') ?? ''
  call.body = form.get('Body') ?? ''
  const sid = `SM${calls.push(call).toString(16).padStart(32, '0')}`
  await sleep(latencyMs)
  response.once('finish', () => { call.answeredAt = Date.now() })
  response.writeHead(201, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ sid, status: 'queued', to: call.to, error_code: null, error_message: null }))
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(calls))
    return
  }
  const call: Call = { to: '', body: '', arrivedAt: Date.now(), answeredAt: undefined }
  // A request that a kill cut in the middle is none.
  text(request).then(async (form) => { await take(new URLSearchParams(form), call, response) }, () => {})
})
// The service's own idle connections end sooner.
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : address}\n`)
})
