import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t, { type Test } from 'tap'
import { findServer } from '../../../src/embedded-postgres/process.ts'
import type { Installation } from '../../../src/embedded-postgres/installation.ts'

async function createInstallation (t: Test): Promise<Installation> {
  const home = t.testdir({ data: {}, run: {} })
  const binaries = { root: '', initdb: '', postgres: '' }
  return { binaries, account: undefined, dataFolder: path.join(home, 'data'), runFolder: path.join(home, 'run'), socketFolder: home }
}

const module = '../../../src/embedded-postgres/process.ts'

/** Returns the id of a process that has ended. */
async function deadProcess (): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? 0
}

t.test('a server that runs as another account is found', async (t) => {
  const installation = await createInstallation(t)
  await mkdir(installation.dataFolder, { recursive: true })
  await writeFile(path.join(installation.dataFolder, 'postmaster.pid'), `${process.pid}\n`)
  const { findServer: find } = await t.mockImport<typeof import('../../../src/embedded-postgres/process.ts')>(module, {
    'node:fs/promises': { readFile: async (file: string) => file.startsWith('/proc/') ? 'postgres' : await readFile(file, 'utf8') }
  })
  t.intercept(process, 'kill', { value: () => { throw Object.assign(new Error('not yours'), { code: 'EPERM' }) } })
  t.equal(await find(installation), process.pid)
})

t.test('if command lines cannot be read, postmaster.pid decides', async (t) => {
  const installation = await createInstallation(t)
  await writeFile(path.join(installation.dataFolder, 'postmaster.pid'), `${process.pid}\n`)
  const { findServer: find } = await t.mockImport<typeof import('../../../src/embedded-postgres/process.ts')>(module, {
    'node:fs/promises': {
      readFile: async (file: string) => file.startsWith('/proc/')
        ? await Promise.reject(new Error('no /proc'))
        : await readFile(file, 'utf8')
    }
  })
  t.equal(await find(installation), process.pid)
})

t.test('the server is found by postmaster.pid, and files that a crash left are ignored', async (t) => {
  const installation = await createInstallation(t)
  await mkdir(installation.dataFolder, { recursive: true })
  const note = async (text: string) => { await writeFile(path.join(installation.dataFolder, 'postmaster.pid'), text) }
  t.equal(await findServer(installation), undefined, 'there is no postmaster.pid')
  for (const text of ['', '\n', 'x\n', '-1\n', '0\n', `${await deadProcess()}\n${installation.dataFolder}\n`]) {
    await note(text)
    t.equal(await findServer(installation), undefined, JSON.stringify(text))
  }
  const other = spawn('sleep', ['60'], { stdio: 'ignore' })
  t.teardown(() => { other.kill('SIGKILL') })
  await note(`${other.pid}\n`)
  t.equal(await findServer(installation), undefined, 'the process is another program')
})
