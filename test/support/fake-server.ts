import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** A reply or a failure of the fake carrier. */
export type FakeReply = { status: number, type: string, body: string, location?: string } | 'break' | 'hang' | 'trickle'

export interface FakeRequest {
  method: string | undefined
  url: string | undefined
  headers: IncomingHttpHeaders
  form: Record<string, string>
}

export interface FakeServer {
  url: string
  /** The requests received, in order. */
  requests: FakeRequest[]
}

const success: FakeReply = { status: 201, type: 'application/json', body: '{"sid":"SM1","status":"queued"}' }

/** Starts a server that records its requests and gives every request the same reply, which the emulator cannot do. */
export async function openFakeServer (t: Test, answer: FakeReply = success): Promise<FakeServer> {
  const requests: FakeRequest[] = []
  const server = createServer((request, response) => {
    const { method, url, headers } = request
    readForm(request).then((form) => {
      requests.push({ method, url, headers, form })
      reply(response, answer)
    }, () => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

async function readForm (request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
}

function reply (response: ServerResponse, answer: FakeReply): void {
  if (answer === 'hang') return
  if (answer === 'trickle') {
    response.writeHead(201, { 'content-type': 'application/json' }).write('{')
    const drip = setInterval(() => response.write(' '), 10)
    response.once('close', () => clearInterval(drip))
    return
  }
  if (answer === 'break') {
    response.destroy()
    return
  }
  const { status, type, body, location } = answer
  response.writeHead(status, { 'content-type': type, ...(location === undefined ? {} : { location }) }).end(body)
}
