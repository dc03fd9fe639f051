import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type NetConnectOpts, type Socket } from 'node:net'
import type { Test } from 'tap'
import { closeServer } from './sockets.ts'

/** A proxy between the service and a dependency, whose connections a test can freeze and cut. */
export interface Proxy {
  port: number
  /** Number of open connections, to the service and to the server. */
  readonly connections: number
  /** Passes no data on and keeps connections open, like a server that was stopped by SIGSTOP. */
  freeze (): void
  /** Leaves frozen connections frozen for ever; new connections work. */
  abandon (): void
  /** Leads new connections to another server, like a name or an address that moves. Open connections stay. */
  moveTo (target: NetConnectOpts): void
  /** Closes all connections and refuses new ones. */
  cut (): Promise<void>
  /** Accepts connections and passes data on again. */
  restore (): Promise<void>
}

export async function createProxy (t: Test, firstTarget: NetConnectOpts): Promise<Proxy> {
  let target = firstTarget
  const sockets = new Set<Socket>()
  let isFrozen = false

  const server = createServer((near) => {
    const far = connect(target)
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from)
      from.on('data', (chunk) => to.write(chunk))
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      if (isFrozen) from.pause()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const close = async () => { await closeServer(server, sockets) }

  t.teardown(close)
  return {
    port,
    get connections () { return sockets.size },
    freeze () {
      isFrozen = true
      for (const socket of sockets) socket.pause()
    },
    abandon () {
      isFrozen = false
    },
    moveTo (next) {
      target = next
    },
    cut: close,
    async restore () {
      isFrozen = false
      for (const socket of sockets) socket.resume()
      if (server.listening) return
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    }
  }
}
