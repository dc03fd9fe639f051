import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Makes the service listen on a free port, for what `inject` cannot do. */
export async function listen (app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

export async function openSocket (port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  // A connection that the service cuts is what some tests are about.
  socket.on('error', () => {})
  return socket
}

/** Everything that arrives until the other side ends or breaks the connection. */
export async function readAll (socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  // Not by `once` of node:events, which a broken connection rejects.
  if (!socket.closed) await new Promise<void>((resolve) => { socket.once('close', () => resolve()) })
  return Buffer.concat(chunks).toString()
}

export interface RawReply { status: number, head: string, body: string }

export function parseReply (text: string): RawReply {
  const [head = '', ...body] = text.split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body: body.join('\r\n\r\n') }
}

/** Sends a request as it is written, which must ask for the connection to be closed. */
export async function exchange (port: number, request: string): Promise<RawReply> {
  const socket = await openSocket(port)
  const text = readAll(socket)
  socket.write(request)
  return parseReply(await text)
}
