import { once } from 'node:events'
import { connect, type AddressInfo, type Server, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Makes the service listen on a free port, for tests that `inject` cannot run. */
export async function listen (app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

export async function openSocket (port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  // In some tests the service cuts the connection, which must not throw.
  socket.on('error', () => {})
  return socket
}

/** Stops a server, and cuts the connections that would keep it open. */
export async function closeServer (server: Server, sockets: Iterable<Socket>): Promise<void> {
  if (!server.listening) return
  server.close()
  for (const socket of sockets) socket.destroy()
  await once(server, 'close')
}

/** Resolves to all data that arrives until the connection is closed. */
export async function readAll (socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  // `once` of node:events would reject when the connection breaks.
  if (!socket.closed) await new Promise<void>((resolve) => { socket.once('close', () => resolve()) })
  return Buffer.concat(chunks).toString()
}

export interface RawReply { status: number, head: string, body: string }

export function parseReply (text: string): RawReply {
  const [head = '', ...body] = text.split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body: body.join('\r\n\r\n') }
}

/** Sends a raw request, which must ask for the connection to be closed, and parses the reply. */
export async function exchange (port: number, request: string): Promise<RawReply> {
  const socket = await openSocket(port)
  const text = readAll(socket)
  socket.write(request)
  return parseReply(await text)
}
