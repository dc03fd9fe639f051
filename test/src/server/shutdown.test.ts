import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createPhone } from '../../support/helper.ts'
import { logOf, startOwnService, untilLogged, type Service } from '../../support/program.ts'
import { openSocket, parseReply, readAll } from '../../support/sockets.ts'
import { promptMs } from '../../support/polling.ts'

/** Starts a sign-up whose headers the service has received and whose body it waits for. */
async function beginRequest ({ port }: Service) {
  const socket = await openSocket(port)
  const body = JSON.stringify({ name: 'Asha', phone_number: createPhone() })
  socket.write(
    `POST /signup HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
  )
  // "100 Continue" shows that the request has begun.
  await once(socket, 'data')
  return { text: readAll(socket), finish: () => { socket.write(body) } }
}

/** The expected log lines of a shutdown, in order. */
const stages = ['starting server', 'received signal, starting shutdown', 'completing background tasks', 'server stopped']
const stagesOf = ({ program }: Service) => logOf(program).map(({ msg }) => msg).filter((message) => stages.includes(message))

for (const name of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${name} ends an idle service with exit code 0, also with open connections`, async (t) => {
    const service = await startOwnService(t, { SHUTDOWN_SECONDS: '60' })
    const idle = await openSocket(service.port)
    idle.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n')
    await once(idle, 'data')
    const started = performance.now()
    service.program.signal(name)
    t.equal(await service.program.wait(), 0)
    t.ok(performance.now() - started < promptMs, 'the shutdown does not wait for SHUTDOWN_SECONDS')
    t.same(stagesOf(service), stages)
    t.match(await untilLogged(service.program, 'received signal'), { signal: name })
  })
}

t.test('Ctrl+C that arrives twice, from the terminal and from npm, ends the service gracefully', async (t) => {
  const service = await startOwnService(t, {}, { hasCoverage: true })
  for (let echo = 0; echo < 3; echo++) {
    service.program.signal('SIGINT')
    await sleep(10)
  }
  t.equal(await service.program.wait(), 0)
  t.same(stagesOf(service), stages)
})

t.test('an idle connection delays the shutdown by SHUTDOWN_SECONDS at most', async (t) => {
  const { program, port } = await startOwnService(t, { SHUTDOWN_SECONDS: '1' })
  const silent = await openSocket(port)
  program.signal('SIGTERM')
  t.equal(await readAll(silent), '')
  t.equal(await program.wait(), 0)
})

t.test('a running request and its SMS are completed, while new requests are refused', async (t) => {
  const service = await startOwnService(t, {}, { hasCoverage: true })
  const running = await beginRequest(service)
  const late = await openSocket(service.port)
  late.write('GET /health/live HTTP/1.1\r\nhost: x\r\n')
  // The reply to another request shows that these bytes were read before.
  const before = await openSocket(service.port)
  before.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(before, 'data')

  service.program.signal('SIGTERM')
  await untilLogged(service.program, 'received signal')
  late.write('\r\n')
  const refusal = parseReply(await readAll(late))
  t.equal(refusal.status, 503)
  t.match(refusal.head, /\r\nretry-after: \d+/i)
  t.match(refusal.head, /\r\nconnection: close/i)
  t.match(JSON.parse(refusal.body), { code: 'CHR_UNAVAILABLE', error: String, request_id: String })
  const [refused] = await once(connect(service.port, '127.0.0.1'), 'error') as [NodeJS.ErrnoException]
  t.equal(refused.code, 'ECONNREFUSED', 'the service accepts no new connections')

  running.finish()
  const answer = parseReply(await running.text)
  t.equal(answer.status, 200)
  t.match(answer.head, /\r\nconnection: close/i)
  t.equal(await service.program.wait(), 0)
  t.same(stagesOf(service), stages)
  t.ok(await untilLogged(service.program, 'SMS sent'))
})

t.test('a request that runs longer than SHUTDOWN_SECONDS is cut off', async (t) => {
  const service = await startOwnService(t, { SHUTDOWN_SECONDS: '1' })
  const running = await beginRequest(service)
  service.program.signal('SIGTERM')
  const started = performance.now()
  t.equal(await running.text, '', 'the request gets no response')
  const milliseconds = performance.now() - started
  t.ok(milliseconds > 900 && milliseconds < promptMs, `cut off after ${Math.round(milliseconds)} ms`)
  t.equal(await service.program.wait(), 0)
  t.same(stagesOf(service), stages)
})
