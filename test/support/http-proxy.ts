import { once } from 'node:events'
import { createServer, request as requestHttp, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { Test } from 'tap'
import { closeServer } from './sockets.ts'
import { proxiedCertificate, proxiedKey } from '../fixtures/proxied-tls.ts'

export interface HttpProxy {
  /** With the credentials that the proxy demands, if any. */
  url: string
  /** The requests to the proxy, such as `CONNECT api.twilio.com:443`, in order; refused ones as well. */
  requests: string[]
  close (): Promise<void>
}

export interface HttpProxyOptions {
  /** URL of the server on a loopback address that every name leads to. */
  target: string
  /** User name and password. */
  credentials?: [string, string]
  /** Answers every request with this status. */
  refusal?: number
}

/** Starts an HTTP proxy, which tunnels `https:` (CONNECT) to a TLS server in front of the target and forwards `http:`. */
export async function openHttpProxy (t: Test, { target, credentials, refusal }: HttpProxyOptions): Promise<HttpProxy> {
  const targetPort = Number(new URL(target).port)
  const tlsPort = await openTlsFront(t, targetPort)
  const requests: string[] = []
  const sockets = new Set<Socket>()
  const expected = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials.join(':')).toString('base64')}`
  const refuse = ({ method, url, headers }: IncomingMessage): number | undefined => {
    requests.push(`${method} ${url}`)
    return headers['proxy-authorization'] === expected ? refusal : 407
  }

  const server = createServer((request, response) => {
    const status = refuse(request)
    if (status !== undefined) return response.writeHead(status).end('<html>proxy</html>')
    const { method = '', url = '', headers } = request
    const { pathname, search } = new URL(url)
    const { 'proxy-authorization': _credentials, ...forwarded } = headers
    const onward = requestHttp({ port: targetPort, host: '127.0.0.1', method, path: pathname + search, headers: forwarded }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.writeHead(502).end())
    request.pipe(onward)
  })
  server.on('connect', (request: IncomingMessage, near: Socket) => {
    near.on('error', () => {})
    const status = refuse(request)
    if (status !== undefined) return near.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\n\r\n`)
    const far = connect(tlsPort, '127.0.0.1', () => near.write('HTTP/1.1 200 Connection established\r\n\r\n'))
    join(near, far)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const close = async () => { await closeServer(server, sockets) }

  t.teardown(close)
  const authority = credentials === undefined ? '' : `${credentials.map(encodeURIComponent).join(':')}@`
  return { url: `http://${authority}127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close }
}

/** Starts a TLS server with the trusted certificate of the fixtures, which passes the plain data on to a port of this machine. */
async function openTlsFront (t: Test, port: number): Promise<number> {
  const trusted = getCACertificates('default')
  setDefaultCACertificates([...trusted, proxiedCertificate])
  const sockets = new Set<Socket>()
  const server = createTlsServer({ key: proxiedKey, cert: proxiedCertificate }, (near) => {
    sockets.add(near)
    join(near, connect(port, '127.0.0.1'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    setDefaultCACertificates(trusted)
    await closeServer(server, sockets)
  })
  return (server.address() as AddressInfo).port
}

function join (near: Socket, far: Socket): void {
  for (const [from, to] of [[near, far], [far, near]] as const) {
    from.on('error', () => {})
    from.on('close', () => to.destroy())
    from.pipe(to)
  }
}
