import { createHash, randomBytes } from 'node:crypto'
import { open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { createStaging } from '../../../plugins/creatives/staging.ts'
import { sniffLength } from '../../../src/domain/creatives/image.ts'
import { build } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'

const unavailable = { code: 'CHR_UNAVAILABLE', dependency: 'storage' }
const maximumBytes = 10_000_000

const chunked = (bytes: Buffer, size: number) =>
  Readable.from(Array.from({ length: Math.ceil(bytes.length / size) }, (_none, index) => bytes.subarray(index * size, (index + 1) * size)))

t.test('a staged file has the bytes of its source, counted and hashed', async (t) => {
  const staging = createStaging(t.testdir(), maximumBytes)
  for (const [size, chunk] of [[0, 1], [1, 1], [sniffLength - 1, 7], [sniffLength, 5], [100_000, 1000], [3_500_000, 65_536]] as const) {
    const bytes = randomBytes(size)
    const staged = await staging.stage(chunked(bytes, chunk))
    t.equal(staged.byteCount, size)
    t.ok(createHash('sha256').update(bytes).digest().equals(staged.sha256))
    t.ok(bytes.subarray(0, sniffLength).equals(staged.head))
    t.ok((await readFile(staged.path)).equals(bytes))
    t.equal((await stat(staged.path)).mode & 0o777, 0o600)
    await staged.discard()
    await staged.discard()
  }
  t.same(await readdir(staging.folder), [])
})

t.test('the head is checked once, as soon as it has arrived, and a failed check ends the staging', async (t) => {
  const staging = createStaging(t.testdir(), maximumBytes)
  const bytes = randomBytes(200)
  const heads: Buffer[] = []
  const checkHead = (head: Buffer) => { heads.push(head) }
  await (await staging.stage(chunked(bytes, 9), checkHead)).discard()
  await (await staging.stage(Readable.from([Buffer.from('short')]), checkHead)).discard()
  t.same(heads, [bytes.subarray(0, sniffLength), Buffer.from('short')])

  const source = chunked(randomBytes(10_000), 100)
  const refusal = new Error('not an image')
  await t.rejects(staging.stage(source, () => { throw refusal }), refusal)
  t.ok(source.destroyed, 'the rest is not read')
  t.same(await readdir(staging.folder), [])
})

t.test('a file of the maximum size is staged; one more byte ends the staging at once', async (t) => {
  const staging = createStaging(t.testdir(), 5000)
  const staged = await staging.stage(chunked(randomBytes(5000), 1000))
  t.equal(staged.byteCount, 5000)
  await staged.discard()
  let chunkCount = 0
  const endless = Readable.from((function * () { while (true) yield Buffer.alloc(chunkCount += 1) })())
  await t.rejects(staging.stage(endless), { code: 'CHR_TOO_LARGE' })
  t.ok(endless.destroyed)
  t.ok(chunkCount < 200, 'reading stops early')
  t.same(await readdir(staging.folder), [])
})

t.test('the error of a source is rethrown, and no file is left', async (t) => {
  const staging = createStaging(t.testdir(), maximumBytes)
  const source = Readable.from((async function * () {
    yield randomBytes(2_000_000)
    throw new Error('the client disconnected')
  })())
  await t.rejects(staging.stage(source), { message: 'the client disconnected' })
  t.same(await readdir(staging.folder), [])
})

t.test('a full disk or a partial write ends the staging, and no file is left', async (t) => {
  const staging = createStaging(t.testdir(), maximumBytes)
  const handle = await open(path.join(staging.folder, 'any'), 'w')
  const prototype = Object.getPrototypeOf(handle) as typeof handle
  await handle.close()
  await rm(path.join(staging.folder, 'any'))
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  const answers = [async () => { throw full }, async (buffers: Buffer[]) => ({ bytesWritten: 3, buffers })]
  for (const writev of answers) {
    const restore = t.intercept(prototype, 'writev', { value: writev })
    await t.rejects(staging.stage(Readable.from([Buffer.from('image')])), unavailable)
    restore()
    t.same(await readdir(staging.folder), [])
  }
})

t.test('staging fails without its folder', async (t) => {
  const folder = path.join(t.testdir(), 'gone')
  const staging = createStaging(folder, maximumBytes)
  const source = Readable.from([Buffer.from('image')])
  await t.rejects(staging.stage(source), unavailable)
  t.ok(source.destroyed)
  await t.rejects(staging.removeAbandoned(new Date()), unavailable)
  await writeFile(folder, 'a file where the folder should be')
  await t.rejects(staging.stage(Readable.from([])), unavailable)
})

t.test('only abandoned files are removed and counted', async (t) => {
  const staging = createStaging(t.testdir({
    old: 'half an image', older: 'another', fresh: 'of an upload that runs elsewhere'
  }), maximumBytes)
  const now = Date.now()
  for (const [name, ageMs] of [['old', 61_000], ['older', 90_000], ['fresh', 59_000]] as const) {
    await utimes(path.join(staging.folder, name), new Date(now - ageMs), new Date(now - ageMs))
  }
  t.equal(await staging.removeAbandoned(new Date(now - 60_000)), 2)
  t.same(await readdir(staging.folder), ['fresh'])
  t.equal(await staging.removeAbandoned(new Date(now - 60_000)), 0)
})

t.test('concurrent removals in one folder do not disturb each other', async (t) => {
  const staging = createStaging(
    t.testdir(Object.fromEntries(Array.from({ length: 300 }, (_none, index) => [`file${index}`, '']))), maximumBytes
  )
  const counts = await Promise.all([1, 2, 3].map(async () => await staging.removeAbandoned(new Date(Date.now() + 60_000))))
  t.ok(counts.every((count) => count <= 300))
  t.same(await readdir(staging.folder), [])
})

t.test('a listening service removes the files of a killed process', async (t) => {
  const app = await build(t)
  const [old, fresh] = ['old', 'fresh'].map((name) => path.join(app.staging.folder, name)) as [string, string]
  await writeFile(old, 'half an image')
  await writeFile(fresh, 'of an upload that runs elsewhere')
  await utimes(old, new Date(Date.now() - 3_601_000), new Date(Date.now() - 3_601_000))
  await utimes(fresh, new Date(Date.now() - 3_500_000), new Date(Date.now() - 3_500_000))
  await t.test('another service uses the same folder', async (t) => {
    const other = await build(t, { env: { DATA_DIR: app.config.process.dataDir } })
    t.equal((await readdir(app.staging.folder)).length, 2)
    await other.listen({ host: '127.0.0.1', port: 0 })
    await until('the old file is removed', async () => (await readdir(app.staging.folder)).length === 1)
    t.same(await readdir(app.staging.folder), ['fresh'])
  })
})
