import { createServer, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/** A message that arrived, times in milliseconds since the epoch. */
export interface Call {
  to: string
  body: string
  arrivedAt: number
  /** Time when the whole answer was handed to the operating system; undefined if the connection had closed before. */
  answeredAt: number | undefined
}

/**
 * A carrier in a separate process that records every call, so that neither the service nor the load delays its timestamps.
 * The first argument is the latency of its answers in milliseconds. `GET /calls` returns all recorded calls.
 */
const latencyMs = Number(process.argv[2])
const calls: Call[] = []

async function accept (form: URLSearchParams, call: Call, response: ServerResponse): Promise<void> {
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
  // A request that a kill interrupted is ignored.
  text(request).then(async (form) => { await accept(new URLSearchParams(form), call, response) }, () => {})
})
// The service closes its idle connections sooner.
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : address}\n`)
})
