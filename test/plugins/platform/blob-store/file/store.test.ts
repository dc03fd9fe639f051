import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  appendFile, chmod, mkdir, mkdtemp, open, readdir, readlink, rename, rm, stat, symlink, utimes, writeFile, type FileHandle
} from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import t from 'tap'
import { createFileBlobs } from '../../../../../plugins/platform/blob-store/file/store.ts'
import { createKey, listBlobs, putBytes, readBlob, unavailable, writeBlob } from '../../../../contracts/blob-store/files.ts'
import { testBlobStore } from '../../../../contracts/blob-store.ts'

testBlobStore(t, async (t) => await createFileBlobs(path.join(t.testdir(), 'uploads')))

const pathOf = (folder: string, key: string) => path.join(folder, key.slice(0, 2), key)

t.test('only the owner can read files and folders', async (t) => {
  const folder = path.join(t.testdir(), 'uploads')
  const store = await createFileBlobs(folder)
  const file = await writeBlob(store, Buffer.from('image'))
  await chmod(file.path, 0o644)
  const key = createKey()
  await store.put(key, file)
  const modeOf = async (name: string) => (await stat(name)).mode & 0o777
  t.same(await Promise.all([
    folder, store.stagingFolder, path.dirname(pathOf(folder, key)), pathOf(folder, key)
  ].map(modeOf)), [0o700, 0o700, 0o700, 0o600])
})

t.test('the age of a blob counts from its put, not from the writing of its file', async (t) => {
  const store = await createFileBlobs(t.testdir())
  const file = await writeBlob(store, Buffer.from('image'))
  await utimes(file.path, new Date(0), new Date(0))
  await store.put(createKey(), file)
  t.same(await listBlobs(store, new Date(Date.now() - 60_000)), [])
})

t.test('a put syncs the file before it has its name, and the folder afterwards', {
  skip: existsSync('/proc/self/fd') ? false : 'needs /proc/self/fd'
}, async (t) => {
  const folder = t.testdir()
  const store = await createFileBlobs(folder)
  const file = await writeBlob(store, Buffer.from('image'))
  const key = createKey()
  const probe = await open(file.path)
  const handles = Object.getPrototypeOf(probe) as FileHandle
  await probe.close()
  const { sync } = handles
  t.teardown(() => { handles.sync = sync })
  const synced: Array<[path: string, hasName: boolean]> = []
  handles.sync = async function (this: FileHandle) {
    const before = existsSync(pathOf(folder, key))
    await sync.call(this)
    synced.push([await readlink(`/proc/self/fd/${this.fd}`), before])
  }
  await store.put(key, file)
  t.same(synced.find(([name]) => name === file.path), [file.path, false])
  t.same(synced.at(-1), [path.dirname(pathOf(folder, key)), true])
})

t.test('a file on another file system is copied without leftover files', async (t) => {
  // This file system is in memory and exists on every Linux.
  const elsewhere = await mkdtemp('/dev/shm/cheershare-')
  t.teardown(async () => { await rm(elsewhere, { recursive: true }) })
  const folder = t.testdir()
  const store = await createFileBlobs(folder)
  t.not((await stat(elsewhere)).dev, (await stat(folder)).dev)
  const key = createKey()
  const bytes = randomBytes(2_000_000)
  await store.put(key, await writeBlob(store, bytes, elsewhere))
  await store.put(key, await writeBlob(store, bytes, elsewhere))
  t.ok((await readBlob(store, key))?.equals(bytes))
  await t.rejects(store.put(key, await writeBlob(store, randomBytes(10), elsewhere)), unavailable)
  t.same(await readdir(store.stagingFolder), [])
  t.equal((await stat(pathOf(folder, key))).mode & 0o777, 0o600)
})

t.test('a list omits names that are not blob keys', async (t) => {
  const folder = t.testdir({ ab: { 'readme.txt': '', [`${'c'.repeat(32)}.original`]: 'of another folder' }, other: {}, ff: 'a file' })
  const store = await createFileBlobs(folder)
  await mkdir(path.join(folder, 'ab', `${'ab'.repeat(16)}.preview`))
  const key = await putBytes(store, Buffer.from('image'))
  t.same((await listBlobs(store)).map((info) => info.key), [key])
})

t.test('a list continues when blobs that it has not returned yet are deleted', async (t) => {
  const folder = t.testdir()
  const store = await createFileBlobs(folder)
  for (let count = 10; count < 20; count += 1) await putBytes(store, Buffer.from('image'), `${`ab${count}`.padEnd(32, '0')}.original`)
  const listed: string[] = []
  for await (const { key } of store.listOlderThan(new Date(Date.now() + 60_000))) {
    listed.push(key)
    for (const other of await listBlobs(store)) await store.delete(other.key)
  }
  t.equal(listed.length, 1)
  const loop = `${'ab'.repeat(16)}.original`
  await symlink(loop, pathOf(folder, loop))
  await t.rejects(listBlobs(store), unavailable, 'a blob whose file cannot be read is a failure')
})

t.test('a folder whose file system is unmounted is unavailable, not empty', async (t) => {
  const folder = path.join(t.testdir(), 'uploads')
  const store = await createFileBlobs(folder)
  const key = await putBytes(store, Buffer.from('image'))
  await rename(folder, `${folder}.away`)
  await t.rejects(store.open(key), unavailable)
  await t.rejects(store.head(key), unavailable)
  await t.rejects(store.delete(key), unavailable)
  await t.rejects(listBlobs(store), unavailable)
  await t.rejects(store.check(), unavailable)
  await rename(`${folder}.away`, folder)
  await store.check()
  t.equal((await readBlob(store, key))?.toString(), 'image')
})

t.test('an operation that the file system refuses is reported as unavailable', async (t) => {
  const folder = t.testdir()
  const store = await createFileBlobs(folder)
  const key = createKey()
  await mkdir(pathOf(folder, key), { recursive: true })
  await t.rejects(store.delete(key), unavailable, 'a folder where a file should be')
  await t.rejects(putBytes(store, Buffer.from('image'), key), unavailable)
  const other = createKey()
  await rm(path.dirname(pathOf(folder, other)), { recursive: true, force: true })
  await writeFile(path.dirname(pathOf(folder, other)), 'a file where a folder should be')
  await t.rejects(putBytes(store, Buffer.from('image'), other), unavailable)
  await t.rejects(store.open(other), unavailable)
  await t.rejects(createFileBlobs(pathOf(folder, other)), 'the start fails')
})

t.test('a stream fails if the file of its blob changes while it is open', async (t) => {
  const folder = t.testdir()
  const store = await createFileBlobs(folder)
  const key = await putBytes(store, randomBytes(1000))
  const blob = await store.open(key)
  await appendFile(pathOf(folder, key), 'more')
  await t.rejects(buffer(blob?.stream ?? Readable.from([])), unavailable)
})
