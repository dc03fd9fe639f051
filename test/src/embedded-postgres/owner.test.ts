import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t, { type Test } from 'tap'
import { becomeOwner, findServer, hasLivingOwner } from '../../../src/embedded-postgres/owner.ts'
import type { Place } from '../../../src/embedded-postgres/place.ts'

async function createPlace (t: Test): Promise<Place> {
  const home = t.testdir({ data: {}, run: {} })
  const binaries = { root: '', initdb: '', postgres: '' }
  return { binaries, account: undefined, dataFolder: path.join(home, 'data'), runFolder: path.join(home, 'run'), socketFolder: home }
}

const noteOf = (place: Place) => path.join(place.runFolder, 'owner.json')
const changeNote = async (place: Place, change: object) => {
  const note = JSON.parse(await readFile(noteOf(place), 'utf8')) as object
  await writeFile(noteOf(place), JSON.stringify({ ...note, ...change }))
}

/** A process that has ended. */
async function deadProcess (): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? 0
}

t.test('a process that notes itself is the living owner', async (t) => {
  const place = await createPlace(t)
  t.equal(await hasLivingOwner(place), false, 'nobody yet')
  await becomeOwner(place)
  t.equal(await hasLivingOwner(place), true)
})

t.test('an owner that has ended, or whose number another process has now, is not alive', async (t) => {
  const place = await createPlace(t)
  await becomeOwner(place)
  await changeNote(place, { startedAt: 'before' })
  t.equal(await hasLivingOwner(place), false)
  await changeNote(place, { pid: await deadProcess() })
  t.equal(await hasLivingOwner(place), false)
  await writeFile(noteOf(place), '{"pid":')
  t.equal(await hasLivingOwner(place), false, 'a note that was cut short')
})

t.test('an owner that runs as somebody else is alive', async (t) => {
  const place = await createPlace(t)
  await becomeOwner(place)
  t.intercept(process, 'kill', { value: () => { throw Object.assign(new Error('not yours'), { code: 'EPERM' }) } })
  t.equal(await hasLivingOwner(place), true)
})

t.test('where processes cannot be looked up, their number alone has to do', async (t) => {
  const place = await createPlace(t)
  for (const read of [() => { throw new Error('no /proc') }, () => 'another system']) {
    const owner = await t.mockImport<typeof import('../../../src/embedded-postgres/owner.ts')>('../../../src/embedded-postgres/owner.ts', {
      'node:fs': { ...fs, readFileSync: read }
    })
    await owner.becomeOwner(place)
    t.equal(await owner.hasLivingOwner(place), true)
  }
})

t.test('where command lines cannot be looked up, the server\'s note has to do', async (t) => {
  const place = await createPlace(t)
  await writeFile(path.join(place.dataFolder, 'postmaster.pid'), `${process.pid}\n`)
  const owner = await t.mockImport<typeof import('../../../src/embedded-postgres/owner.ts')>('../../../src/embedded-postgres/owner.ts', {
    'node:fs/promises': { writeFile, readFile: async (file: string) => file.startsWith('/proc/') ? await Promise.reject(new Error('no /proc')) : await readFile(file, 'utf8') }
  })
  t.equal(await owner.findServer(place), process.pid)
})

t.test('the server is found by its note, and leftovers of a crash are seen through', async (t) => {
  const place = await createPlace(t)
  await mkdir(place.dataFolder, { recursive: true })
  const note = async (text: string) => { await writeFile(path.join(place.dataFolder, 'postmaster.pid'), text) }
  t.equal(await findServer(place), undefined, 'no note')
  for (const text of ['', '\n', 'x\n', '-1\n', '0\n', `${await deadProcess()}\n${place.dataFolder}\n`]) {
    await note(text)
    t.equal(await findServer(place), undefined, JSON.stringify(text))
  }
  const other = spawn('sleep', ['60'], { stdio: 'ignore' })
  t.teardown(() => { other.kill('SIGKILL') })
  await note(`${other.pid}\n`)
  t.equal(await findServer(place), undefined, 'a process that is something else')
})
