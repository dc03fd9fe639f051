import { once } from 'node:events'
import { Agent, request, type RequestOptions } from 'node:http'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { startFleet } from '../../support/fleet.ts'
import { createPhone } from '../../support/helper.ts'
import { waitLimitMs } from '../../support/polling.ts'

/** The balancer notices a stopping service after this time, as one that asks it every second and counts two failures. */
const noticeMs = 2000
/** Some seconds more, so that a busy machine does not delay the balancer beyond the drain. */
const drainSeconds = '7'
const keptConnections = 8
const pauseMs = 40

/** A balancer of layer 4: it passes each connection on to the next service, and repeats nothing. */
async function startBalancer (t: Test, ports: readonly number[]) {
  const endpoints = new Set(ports)
  const sockets = new Set<Socket>()
  let turn = 0
  const server = createServer((near) => {
    const port = [...endpoints][turn++ % endpoints.size] as number
    const far = connect(port, '127.0.0.1')
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => sockets.delete(from))
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { endpoints, port: (server.address() as AddressInfo).port }
}

async function send (options: RequestOptions, json: object): Promise<{ status: number | undefined, closes: boolean }> {
  const sent = request({ host: '127.0.0.1', timeout: waitLimitMs, headers: { 'content-type': 'application/json' }, ...options })
  sent.end(JSON.stringify(json))
  const [response] = await once(sent, 'response')
  await text(response)
  return { status: response.statusCode, closes: response.headers.connection === 'close' }
}

t.test('a balancer that drops a stopping service after 2 s loses no request', async (t) => {
  const fleet = await startFleet(t, 2, { DRAIN_SECONDS: drainSeconds })
  const { endpoints, port } = await startBalancer(t, fleet.ports)
  const failures: string[] = []
  const counts = { kept: 0, new: 0, closed: 0 }
  const end = new AbortController()

  /** Sends requests one after another, on one kept connection or on a new one each. */
  async function ask (kind: 'kept' | 'new'): Promise<void> {
    const agent = kind === 'kept' ? new Agent({ keepAlive: true, maxSockets: 1 }) : false
    while (!end.signal.aborted) {
      try {
        const user = { name: 'Asha', phone_number: createPhone() }
        const { status, closes } = await send({ port, agent, method: 'POST', path: '/signup' }, user)
        if (status !== 200) failures.push(`${kind}: ${status}`)
        counts[kind] += 1
        if (kind === 'kept' && closes) counts.closed += 1
      } catch (error) {
        failures.push(`${kind}: ${String(error)}`)
      }
      await sleep(pauseMs)
    }
    if (agent !== false) agent.destroy()
  }

  const clients = [...Array.from({ length: keptConnections }, async () => await ask('kept')), ask('new'), ask('new')]
  const [stopping] = fleet.ports as [number]
  await fleet.restart(0, async () => {
    await sleep(noticeMs)
    endpoints.delete(stopping)
  })
  endpoints.add(stopping)
  end.abort()
  await Promise.all(clients)
  t.comment(`${counts.kept} requests on kept connections, ${counts.new} on new ones`)
  t.same(failures, [])
  t.ok(counts.kept > keptConnections && counts.new > 2)
  t.ok(counts.closed > 0, 'kept connections to the stopping service were closed by an answer')
})
