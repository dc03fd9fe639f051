import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import type { AnswerFault } from '../../src/carrier/faults.ts'
import type { Gateway } from '../contracts/sms-provider.ts'

export interface GatewayRequest { method: string | undefined, url: string | undefined, headers: IncomingHttpHeaders, body: string }

export interface SmsGateway extends Gateway {
  secret: string
  /** The authentic requests, in order. */
  requests: GatewayRequest[]
  /** Sets the body of the reply to accepted messages. */
  answerWith (body: string): void
}

/** The protocol of a gateway: how it authenticates a request and finds the text of the message. */
export interface GatewayProtocol {
  isAuthentic (headers: IncomingHttpHeaders, body: string, secret: string): boolean
  parseText (body: unknown): string
}

const webhookProtocol: GatewayProtocol = { isAuthentic: isSigned, parseText: (body) => (body as { data: { text: string } }).data.text }

/** Starts a fake SMS gateway, which authenticates requests, by default by the webhook standard, and fails on demand. */
export async function openGateway (t: Test, { isAuthentic, parseText }: GatewayProtocol = webhookProtocol): Promise<SmsGateway> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  const requests: GatewayRequest[] = []
  const acceptedTexts: string[] = []
  const faults: AnswerFault[] = []
  let success = { status: 202, body: '{"id":"gateway-1"}' }

  const server = createServer((request, response) => {
    const { method, url, headers } = request
    text(request).then((body) => {
      if (!isAuthentic(headers, body, secret)) return response.writeHead(401).end('{"error":"+918123456789 is not signed"}')
      requests.push({ method, url, headers, body })
      const fault = faults.shift() ?? { kind: 'none' }
      if (acceptsMessage(fault)) acceptedTexts.push(parseText(JSON.parse(body)))
      reply(response, fault, success)
    }, () => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  async function close (): Promise<void> {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  t.teardown(close)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret,
    requests,
    fail: (fault) => faults.push(fault),
    acceptedTexts: () => acceptedTexts,
    answerWith (body) { success = { status: 200, body } },
    close
  }
}

const toleranceSeconds = 300

/** Checks a signature by the standard: one of the signatures must match, and the timestamp must be recent. */
export function isSigned (headers: IncomingHttpHeaders, body: string, secret: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers
  if (typeof signatures !== 'string' || Math.abs(Date.now() / 1000 - Number(timestamp)) > toleranceSeconds) return false
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const expected = createHmac('sha256', key).update(`${String(id)}.${String(timestamp)}.${body}`).digest('base64')
  return signatures.split(' ').includes(`v1,${expected}`)
}

function acceptsMessage (fault: AnswerFault): boolean {
  return 'accept' in fault ? fault.accept : fault.kind !== 'refuse'
}

function reply (response: ServerResponse, fault: AnswerFault, { status, body }: { status: number, body: string }): void {
  switch (fault.kind) {
    case 'hang':
      return
    case 'cut':
      if (!fault.accept) {
        response.destroy()
        return
      }
      response.writeHead(status, { 'content-length': body.length }).write(body.slice(0, 5), () => response.destroy())
      return
    case 'html':
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<!doctype html><title>A proxy</title>')
      return
    case 'refuse': {
      const { retry_after_seconds: seconds } = fault
      response.writeHead(fault.status, seconds === undefined ? {} : { 'retry-after': String(seconds) })
        .end('{"error":"no SMS to +918123456789"}')
      return
    }
    default:
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }
}
