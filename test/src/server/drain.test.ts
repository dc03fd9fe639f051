import { once } from 'node:events'
import t from 'tap'
import { creativeForm, formOf, formType } from '../../support/forms.ts'
import { createPhone } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'
import { call, logOf, signUpAt, startOwnService, untilLogged, type Service } from '../../support/program.ts'
import { openSocket, parseReply, readAll } from '../../support/sockets.ts'

t.jobs = 2

/** A drain that only a signal can end within the test. */
const longDrain = { DRAIN_SECONDS: '600', SHUTDOWN_SECONDS: '60' }

async function startDraining (service: Service): Promise<void> {
  service.program.signal('SIGTERM')
  t.match(await untilLogged(service.program, 'not ready any more'), { seconds: 600 })
}

t.test('a service that drains is not ready, serves requests, and ends the drain at a second signal', async (t) => {
  const service = await startOwnService(t, longDrain, { hasCoverage: true })
  const kept = await openSocket(service.port)
  const ask = 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n'
  kept.write(ask)
  await once(kept, 'data')
  await startDraining(service)

  t.match(await call(`${service.url}/health/ready`), { status: 503, body: { details: [{ path: 'service', message: 'is shutting down' }] } })
  const rest = readAll(kept)
  kept.write(ask)
  t.match(await rest, /^HTTP\/1\.1 200 [^]*connection: close/i, 'a connection from before the drain is served and closed')
  const phone = createPhone()
  const signUp = await call(`${service.url}/signup`, { json: { name: 'Asha', phone_number: phone } })
  t.equal(signUp.status, 200, 'a new connection is served')
  t.equal(signUp.headers.get('connection'), 'close')
  await untilLogged(service.program, 'SMS sent')

  service.program.signal('SIGINT')
  t.equal(await service.program.wait(), 0)
  t.match(logOf(service.program).map(({ msg }) => msg).slice(-2), ['completing background tasks', 'server stopped'])
})

t.test('a third signal ends a service whose shutdown takes long', async (t) => {
  const service = await startOwnService(t, longDrain, { hasCoverage: true })
  const open = await openSocket(service.port)
  open.write('POST /signup HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\nexpect: 100-continue\r\n\r\n')
  await once(open, 'data')
  await startDraining(service)
  service.program.signal('SIGINT')
  await until('the service accepts no more connections', async () => await openSocket(service.port).then(() => false, () => true))
  service.program.signal('SIGTERM')
  t.equal(await service.program.wait(), 130)
  t.notMatch(service.program.output, 'server stopped')
})

t.test('an upload under way is completed when other requests have been cut off', async (t) => {
  const service = await startOwnService(t, { SHUTDOWN_SECONDS: '0', SHUTDOWN_UPLOAD_SECONDS: '60' }, { hasCoverage: true })
  const { authorization } = await signUpAt(service.url)
  const begin = async (path: string, contentType: string, length: number) => {
    const socket = await openSocket(service.port)
    socket.write([
      `POST ${path} HTTP/1.1`, 'host: x', `authorization: ${authorization}`, `content-type: ${contentType}`, `content-length: ${length}`,
      'expect: 100-continue', '', ''
    ].join('\r\n'))
    await once(socket, 'data')
    return socket
  }
  const body = formOf(creativeForm())
  const upload = await begin('/upload-creative', formType, body.length)
  const other = await begin('/signup', 'application/json', 100)
  service.program.signal('SIGTERM')
  t.equal(await readAll(other), '', 'the other request is cut off')
  const answer = readAll(upload)
  upload.write(body)
  t.match(parseReply(await answer), { status: 200, head: /connection: close/i })
  t.equal(await service.program.wait(), 0)
})
