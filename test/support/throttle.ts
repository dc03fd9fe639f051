import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeServer } from './sockets.ts'

const tickMs = 50
/** A loaded machine wakes the forwarder late; so much of its pace is made up for. */
const maximumLagMs = 1000

/** A forwarder whose connections have a bounded rate towards the server, like an uplink. */
export interface ThrottledLine {
  port: number
  close (): Promise<void>
}

/**
 * Forwards connections to a local port. Each connection passes at most this many bits a second on to the server; responses are not
 * slowed down. A token bucket that fills in ticks paces them; it holds a second at most.
 */
export async function openThrottledLine (target: number, bitsPerSecond: number): Promise<ThrottledLine> {
  const bytesPerTick = Math.max(1, Math.floor(bitsPerSecond / 8 * tickMs / 1000))
  const sockets = new Set<Socket>()

  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        // A reset passes through as one; an orderly end has already been passed on.
        if (socket.errored !== null) other.resetAndDestroy()
        else other.destroySoon()
      })
    }
    far.pipe(near)
    passSlowly(near, far, bytesPerTick).catch(() => { far.destroy() })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => { await closeServer(server, sockets) }
  }
}

async function passSlowly (from: Socket, to: Socket, bytesPerTick: number): Promise<void> {
  let nextTick = performance.now()
  for await (const chunk of from as AsyncIterable<Buffer>) {
    for (let sent = 0; sent < chunk.length; sent += bytesPerTick) {
      to.write(chunk.subarray(sent, sent + bytesPerTick))
      nextTick = Math.max(nextTick, performance.now() - maximumLagMs) + tickMs
      await sleep(Math.max(0, nextTick - performance.now()))
    }
  }
  to.end()
}
