import { chmod, chown, mkdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import Fastify from 'fastify'
import pg from 'pg'
import t, { type Test } from 'tap'
import { openEmbedded } from '../../../src/embedded-postgres/open.ts'
import { chooseInstallation, type Installation } from '../../../src/embedded-postgres/installation.ts'
import { answers, initialize, startServer, stopServer, urlOf } from '../../../src/embedded-postgres/server.ts'
import { createHome, isAlive, serverIn } from '../../support/embedded.ts'
import { until } from '../../support/polling.ts'

const { log } = Fastify({ logger: { level: 'silent' } })

async function createInstallation (t: Test): Promise<Installation> {
  const home = await createHome(t)
  return await chooseInstallation(home, log)
}

/** Returns programs that run a shell script. */
async function withPrograms (t: Test, installation: Installation, script: string): Promise<Installation> {
  const folder = await createHome(t)
  const program = path.join(folder, 'program')
  await writeFile(program, `#!/bin/sh\n${script}\n`)
  await chmod(program, 0o755)
  return { ...installation, binaries: { root: folder, initdb: program, postgres: program } }
}

/** The clock advances a second with each reading, so that long waits end early. */
async function hurry (t: Test, work: () => Promise<void>): Promise<void> {
  let now = Date.now()
  const clock = t.intercept(Date, 'now', { value: () => (now += 1000) })
  await work()
  clock.restore()
}

t.test('a server is created, started with its settings, and stopped', async (t) => {
  const installation = await createInstallation(t)
  await initialize(installation)
  t.equal(await answers(installation), false, 'the server is not started yet')
  await startServer(installation, ['max_connections=23'])
  t.equal(await answers(installation), true)
  const client = new pg.Client({ connectionString: urlOf(installation) })
  await client.connect()
  t.same((await client.query('show max_connections')).rows, [{ max_connections: '23' }])
  t.same((await client.query('show listen_addresses')).rows, [{ listen_addresses: '' }], 'the server does not listen on the network')
  await client.end()
  await initialize(installation)
  t.equal(await answers(installation), true, 'an existing cluster is not changed')
  await stopServer(installation)
  t.equal(await answers(installation), false)
  await stopServer(installation)
})

t.test('a first start that was interrupted begins again', async (t) => {
  const installation = await createInstallation(t)
  await mkdir(`${installation.dataFolder}.draft`, { recursive: true })
  await writeFile(`${installation.dataFolder}.draft/PG_VERSION`, 'half')
  await initialize(installation)
  await startServer(installation)
  t.equal(await answers(installation), true)
})

t.test('only the account of the server can enter the folders', async (t) => {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  for (const account of [undefined, own]) {
    const installation = await withPrograms(t, { ...await createInstallation(t), account }, 'mkdir -p "$2"')
    await initialize(installation)
    for (const folder of [installation.runFolder, installation.socketFolder]) t.match(await stat(folder), { uid: own.uid, mode: 0o40700 })
    t.ok((await stat(installation.dataFolder)).isDirectory())
  }
})

t.test('a socket folder that other accounts can enter is refused', async (t) => {
  const installation = await createInstallation(t)
  await mkdir(installation.runFolder)
  await chmod(installation.runFolder, 0o755)
  if (installation.account !== undefined) await chown(installation.runFolder, installation.account.uid, installation.account.gid)
  await t.rejects(initialize(installation), {
    message: `${installation.runFolder} is open to others; PostgreSQL's socket must not be put there`
  })
})

t.test('the error of a failed program has its output', async (t) => {
  const installation = await createInstallation(t)
  const broken = await withPrograms(t, installation, 'echo "no space left" >&2; exit 3')
  await t.rejects(initialize(broken), { message: 'initdb failed: no space left' })
  await initialize(installation)
  await t.rejects(startServer(broken), {
    message: /did not start; the end of .*postgres\.log:\nno space left$/, cause: { message: 'it ended with exit code 3' }
  })
  const missing = { ...installation, binaries: { ...installation.binaries, postgres: path.join(installation.runFolder, 'missing') } }
  await t.rejects(startServer(missing), { cause: { code: 'ENOENT' } })
})

t.test('a server that does not become ready is killed', async (t) => {
  const installation = await createInstallation(t)
  await initialize(installation)
  const stuck = await withPrograms(t, installation, `echo $$ > ${installation.runFolder}/pid; exec sleep 600`)
  await hurry(t, async () => { await t.rejects(startServer(stuck), { cause: { message: 'no answer within 30000 ms' } }) })
})

t.test('a server that does not stop is killed, and the next start recovers', async (t) => {
  const installation = await createInstallation(t)
  await initialize(installation)
  await startServer(installation)
  const pid = await serverIn(installation.dataFolder) ?? 0
  process.kill(pid, 'SIGSTOP')
  t.teardown(() => { if (isAlive(pid)) process.kill(pid, 'SIGCONT') })
  await hurry(t, async () => { await stopServer(installation) })
  process.kill(pid, 'SIGCONT')
  await until('the server has ended', () => !isAlive(pid))
  const { close, url } = await openEmbedded(path.dirname(path.dirname(installation.dataFolder)), log)
  t.equal(url, urlOf(installation))
  await close()
})
