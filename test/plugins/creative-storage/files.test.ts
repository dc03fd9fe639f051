import { chmod, mkdir, open, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { createFileStorage } from '../../../plugins/creative-storage/files.ts'
import { creativeStorageContract } from '../../contracts/creative-storage.ts'
import { build } from '../../helper.ts'

async function filesIn (folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

creativeStorageContract(t, async (t) => {
  const folder = path.join(t.testdir(), 'uploads')
  return { storage: await createFileStorage(folder), list: async () => await filesIn(folder) }
})

const anImage = () => Readable.from([Buffer.from('image')])

t.test('files and folders are for the service alone', async (t) => {
  const folder = path.join(t.testdir(), 'uploads')
  const storage = await createFileStorage(folder)
  const key = storage.createKey()
  await (await storage.stage(anImage())).commit(key)
  const modeOf = async (...names: string[]) => (await stat(path.join(folder, ...names))).mode & 0o777
  t.same([await modeOf('staging'), await modeOf(key.slice(0, 2)), await modeOf(key.slice(0, 2), key)], [0o700, 0o700, 0o600])
})

t.test('a start clears what a killed process left staged, and nothing else', async (t) => {
  const folder = t.testdir({ staging: { old: 'half an image', fresh: 'of an upload that runs elsewhere' } })
  const [hourAgo, justUnder] = [3_601_000, 3_500_000].map((ageMs) => new Date(Date.now() - ageMs))
  await utimes(path.join(folder, 'staging', 'old'), hourAgo as Date, hourAgo as Date)
  await utimes(path.join(folder, 'staging', 'fresh'), justUnder as Date, justUnder as Date)
  const first = await createFileStorage(folder)
  const key = first.createKey()
  await (await first.stage(anImage())).commit(key)
  await utimes(path.join(folder, key.slice(0, 2), key), hourAgo as Date, hourAgo as Date)
  const second = await createFileStorage(folder)
  t.ok(await second.open(key).then((file) => file?.stream.destroy()))
  t.notOk((await filesIn(folder)).includes('old'))
  t.ok((await filesIn(folder)).includes('fresh'))
})

t.test('what the file system refuses is the storage being unavailable', async (t) => {
  const unavailable = { code: 'CHR_UNAVAILABLE', dependency: 'storage' }
  const folder = t.testdir()
  const storage = await createFileStorage(folder)
  const key = storage.createKey()
  await mkdir(path.join(folder, key.slice(0, 2)))
  await mkdir(path.join(folder, key.slice(0, 2), key))
  await t.rejects(storage.delete(key), unavailable, 'a folder where a file should be')
  await rm(path.join(folder, 'staging'), { recursive: true })
  await t.rejects(storage.stage(anImage()), unavailable, 'no folder to stage in')
  await writeFile(path.join(folder, 'staging'), '')
  await t.rejects(storage.stage(anImage()), unavailable)
  await t.rejects(createFileStorage(folder), 'the start says so')
  await chmod(folder, 0o700)
})

t.test('a full disk that takes only a part ends the upload and leaves nothing', async (t) => {
  const folder = t.testdir()
  const storage = await createFileStorage(folder)
  const handle = await open(path.join(folder, 'any'), 'w')
  const prototype = Object.getPrototypeOf(handle) as typeof handle
  await handle.close()
  await rm(path.join(folder, 'any'))
  const restore = t.intercept(prototype, 'writev', { value: async (buffers: Buffer[]) => ({ bytesWritten: 3, buffers }) })
  await t.rejects(storage.stage(anImage()), { code: 'CHR_UNAVAILABLE', cause: { message: 'the file system took only a part' } })
  restore()
  t.same(await filesIn(folder), [])
})

t.test('STORAGE_URL says where, and DATA_DIR where not', async (t) => {
  const folder = path.join(t.testdir(), 'with a space')
  const named = await build(t, { env: { STORAGE_URL: `file:${folder.replace(' ', '%20')}` } })
  const key = named.creativeStorage.createKey()
  await (await named.creativeStorage.stage(anImage())).commit(key)
  t.ok((await stat(path.join(folder, key.slice(0, 2), key))).isFile())
})
