import { once } from 'node:events'
import path from 'node:path'
import t from 'tap'
import { createHome, isAlive, serverIn } from '../../support/embedded.ts'
import { createPhone } from '../../support/helper.ts'
import { promptMs, until } from '../../support/polling.ts'
import { call, signUpAt, startProgram, startService, untilLogged } from '../../support/program.ts'
import { openSocket, parseReply, readAll } from '../../support/sockets.ts'

t.jobs = 2

const dataIn = (home: string) => path.join(home, 'postgres', 'data')
const environment = (home: string) => ({ PORT: '0', DATA_DIR: home })
const isIn = async (url: string, headers: { authorization: string }) => (await call(`${url}/protected`, { headers })).status === 200

t.test('the next start takes over the server of a killed process with its data, and stops it at its end', async (t) => {
  const home = await createHome(t)
  const first = await startService(t, { env: environment(home) })
  const headers = await signUpAt(first.url)
  const server = await serverIn(dataIn(home))
  first.program.signal('SIGKILL')
  t.equal(await first.program.wait(), 'SIGKILL')
  t.ok(server !== undefined && isAlive(server), 'PostgreSQL is still running')

  const second = await startService(t, { hasCoverage: true, env: environment(home) })
  t.ok(await untilLogged(second.program, 'taking over the PostgreSQL server'))
  t.equal(await serverIn(dataIn(home)), server)
  t.ok(await isIn(second.url, headers))
  second.program.signal('SIGTERM')
  t.equal(await second.program.wait(), 0)
  t.equal(await serverIn(dataIn(home)), undefined)
})

t.test('the data survives a crash of all processes', async (t) => {
  const home = await createHome(t)
  const first = await startService(t, { env: environment(home) })
  const headers = await signUpAt(first.url)
  const server = await serverIn(dataIn(home)) ?? 0
  first.program.signal('SIGKILL')
  await first.program.wait()
  process.kill(server, 'SIGKILL')
  await until('PostgreSQL has ended', () => !isAlive(server))

  const second = await startService(t, { env: environment(home) })
  t.ok(await isIn(second.url, headers))
})

t.test('processes share the running server, and the last one to close stops it', async (t) => {
  const home = await createHome(t)
  const owner = await startService(t, { hasCoverage: true, env: environment(home) })
  const headers = await signUpAt(owner.url)
  const server = await serverIn(dataIn(home))

  const guest = await startService(t, { env: environment(home) })
  t.ok(await isIn(guest.url, headers), 'both have the same data')
  owner.program.signal('SIGTERM')
  t.equal(await owner.program.wait(), 0)
  t.ok(await isIn(guest.url, headers), 'the process that started the server may end first')
  const command = startProgram(t, 'src/commands/migrate.ts', { args: ['up'], env: environment(home) })
  t.equal(await command.wait(), 0)
  t.equal(command.output, 'nothing to do\n')

  t.equal(await serverIn(dataIn(home)), server)
  t.ok(await isIn(guest.url, headers))
  guest.program.signal('SIGINT')
  t.equal(await guest.program.wait(), 0)
  t.equal(await serverIn(dataIn(home)), undefined, 'the last process stops the server')
})

t.test('after Ctrl-C in a terminal, which signals the whole process group, running requests can use the database', async (t) => {
  const home = await createHome(t)
  const { program, port } = await startService(t, { env: environment(home), isGroup: true })
  const socket = await openSocket(port)
  const body = JSON.stringify({ phone_number: createPhone(), otp: '123456' })
  socket.write(
    `POST /verify HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
  )
  await once(socket, 'data')
  process.kill(-program.pid, 'SIGINT')
  await untilLogged(program, 'received signal')
  const text = readAll(socket)
  socket.write(body)
  t.equal(parseReply(await text).status, 401)
  t.equal(await program.wait(), 0)
  t.equal(await serverIn(dataIn(home)), undefined)
})

t.test('a shutdown that hangs is ended at its deadline', async (t) => {
  const home = await createHome(t)
  const { program } = await startService(t, {
    hasCoverage: true, env: { ...environment(home), SHUTDOWN_SECONDS: '0', SHUTDOWN_UPLOAD_SECONDS: '0', SHUTDOWN_SMS_SECONDS: '0' }
  })
  const server = await serverIn(dataIn(home)) ?? 0
  process.kill(server, 'SIGSTOP')
  t.teardown(() => { if (isAlive(server)) process.kill(server, 'SIGCONT') })
  const started = performance.now()
  program.signal('SIGTERM')
  t.equal(await program.wait(), 1)
  t.ok(performance.now() - started < promptMs)
  t.ok(await untilLogged(program, 'shutdown took too long'))
})

t.test('a start that fails later stops the server', async (t) => {
  const home = await createHome(t)
  const env = { ...environment(home), REDIS_URL: 'redis://127.0.0.1:1', START_WAIT_SECONDS: '0' }
  const program = startProgram(t, 'src/server.ts', { hasCoverage: true, env })
  t.equal(await program.wait(), 1)
  t.match(program.errors, 'Redis could not be reached')
  t.equal(await serverIn(dataIn(home)), undefined)
})

t.test('without the programs for this machine the start fails with advice', async (t) => {
  const home = await createHome(t)
  // Only the lookup of the programs gets the other architecture, because other packages have no programs for it either. The
  // name is split, since this line is on the stack too.
  const arch = "new Error().stack.includes('postgres/' + 'binaries') ? 'pdp11' : real"
  const elsewhere = `data:text/javascript,const real = process.arch; Object.defineProperty(process, 'arch', { get: () => ${arch} })`
  const program = startProgram(t, 'src/server.ts', { nodeArgs: ['--import', elsewhere], env: environment(home) })
  t.equal(await program.wait(), 1)
  t.match(program.errors, /DATABASE_URL is not set, and the embedded PostgreSQL \(.*-pdp11\) is not installed: run "npm ci"/)
  t.notMatch(program.errors, /^ +at /m, 'the message has no stack trace')
})
