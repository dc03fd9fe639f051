import { spawnSync } from 'node:child_process'
import fs from 'node:fs/promises'
import path from 'node:path'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import type { Account } from '../../../src/embedded-postgres/account.ts'
import { createHome } from '../../support/embedded.ts'

type InstallationModule = typeof import('../../../src/embedded-postgres/installation.ts')

interface Machine {
  account?: Account
  canEnter?: boolean
  canRun?: boolean
}

const own: Account = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

/** Simulates a machine below a folder, with `/var/lib/cheershare` in it and the given access rights. */
async function openMachine (t: Test, { account, canEnter = true, canRun = true }: Machine) {
  const home = t.testdir({ installed: { bin: { initdb: '', postgres: 'a program' } }, var: {} })
  const move = (file: string) => file.replace(/^\/var\/lib/, path.join(home, 'var'))
  const root = path.join(home, 'installed')
  const binariesIn = (folder: string) => ({
    root: folder, initdb: path.join(folder, 'bin/initdb'), postgres: path.join(folder, 'bin/postgres')
  })
  const warnings: string[] = []
  const log = Fastify({
    logger: {
      level: 'warn', stream: { write: (line: string) => { warnings.push(String(JSON.parse(line).msg)) } }
    }
  }).log

  const { chooseInstallation } = await t.mockImport<InstallationModule>('../../../src/embedded-postgres/installation.ts', {
    '../../../src/embedded-postgres/account.ts': { chooseAccount: () => account, canEnter: () => canEnter, canRun: () => canRun },
    '../../../src/embedded-postgres/binaries.ts': { binariesIn, findBinaries: () => binariesIn(root) },
    'node:child_process': { spawnSync: (program: string, args: string[]) => spawnSync(program, args.map(move)) },
    'node:fs/promises': {
      ...fs,
      mkdir: (folder: string, options: object) => fs.mkdir(move(folder), options),
      chmod: (file: string, mode: number) => fs.chmod(move(file), mode),
      chown: (file: string, uid: number, gid: number) => fs.chown(move(file), uid, gid),
      stat: (file: string) => fs.stat(move(file)),
      cp: (from: string, to: string, options: object) => fs.cp(move(from), move(to), options),
      rename: (from: string, to: string) => fs.rename(move(from), move(to)),
      rm: (file: string, options: object) => fs.rm(move(file), options)
    }
  })
  return { choose: async (folder = 'data') => await chooseInstallation(path.resolve(home, folder), log), root, move, warnings }
}

t.test('by default data and socket are in the data folder, and the programs in node_modules', async (t) => {
  for (const account of [undefined, own]) {
    const { choose, root, warnings } = await openMachine(t, account === undefined ? {} : { account })
    const home = await createHome(t)
    const folder = path.join(home, 'postgres')
    t.match(await choose(home), {
      binaries: { root },
      account,
      dataFolder: path.join(folder, 'data'),
      runFolder: path.join(folder, 'run'),
      socketFolder: path.join(folder, 'run')
    })
    t.equal((await fs.stat(folder)).mode & 0o777, 0o700)
    t.same(warnings, [])
  }
})

t.test('if the account cannot reach the data folder, the data is in the system folder, in a separate folder for each', async (t) => {
  const { choose, move, warnings } = await openMachine(t, { account: own, canEnter: false })
  const installation = await choose()
  t.match(installation.dataFolder, /^\/var\/lib\/cheershare\/[0-9a-f]{12}\/data$/)
  t.match(warnings, [/PostgreSQL cannot enter .*\/data\/postgres as uid \d+; its data is in \/var\/lib\/cheershare\/[0-9a-f]{12}$/])
  t.equal((await fs.stat(move(path.dirname(installation.dataFolder)))).mode & 0o777, 0o700)
  t.equal((await fs.stat(move('/var/lib/cheershare'))).mode & 0o777, 0o755)
  t.same(await choose(), installation, 'the next start chooses the same folders')
  t.not((await choose('other')).dataFolder, installation.dataFolder)
})

t.test('programs that the account cannot run are copied once, readable for all accounts', async (t) => {
  const { choose, move, warnings, root } = await openMachine(t, { account: own, canRun: false })
  await fs.chmod(path.join(root, 'bin/postgres'), 0o700)
  const { binaries } = await choose()
  t.match(binaries.root, /^\/var\/lib\/cheershare\/binaries-[0-9a-f]{12}$/)
  t.equal(await fs.readFile(move(binaries.postgres), 'utf8'), 'a program')
  t.equal((await fs.stat(move(binaries.postgres))).mode & 0o777, 0o755)
  t.match(warnings, [/PostgreSQL's programs were copied to \/var\/lib\/cheershare\/binaries-/])
  t.same((await choose()).binaries, binaries)
  t.equal(warnings.length, 1, 'there is no second copy')
})

t.test('two starts that copy the programs concurrently both find a complete copy', async (t) => {
  const { choose, move } = await openMachine(t, { account: own, canRun: false })
  let pid = process.pid
  t.intercept(process, 'pid', { get: () => ++pid })
  const [one, other] = await Promise.all([choose('one'), choose('other')])
  t.same(one.binaries, other.binaries)
  t.equal(await fs.readFile(move(one.binaries.postgres), 'utf8'), 'a program')
  t.equal((await fs.readdir(move('/var/lib/cheershare'))).length, 1, 'no draft is left')
})

t.test('with a path that is too long for a socket, the socket is in the temporary folder', async (t) => {
  const { choose } = await openMachine(t, {})
  const { socketFolder, dataFolder } = await choose('d'.repeat(120))
  t.match(socketFolder, /\/cheershare-[0-9a-f]{16}$/)
  t.match(dataFolder, 'd'.repeat(120))
})
