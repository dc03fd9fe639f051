import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import type { CreativeStorage } from '../../plugins/creative-storage/index.ts'
import { sniffLength } from '../../src/domain/image.ts'

export interface StorageUnderTest {
  storage: CreativeStorage
  /** Names of everything it holds, whether in place, staged or half written. */
  list (): Promise<string[]>
}

/** What every storage of creatives does; `open` makes an empty one. */
export function creativeStorageContract (t: Test, open: (t: Test) => Promise<StorageUnderTest>): void {
  const chunked = (bytes: Buffer, size: number) =>
    Readable.from(Array.from({ length: Math.ceil(bytes.length / size) }, (_none, index) => bytes.subarray(index * size, (index + 1) * size)))

  async function read (storage: CreativeStorage, key: string): Promise<Buffer | undefined> {
    const file = await storage.open(key)
    return file === undefined ? undefined : await buffer(file.stream)
  }

  t.test('what is staged and committed is what is opened, counted and hashed', async (t) => {
    const { storage } = await open(t)
    for (const [size, chunk] of [[1, 1], [sniffLength - 1, 7], [sniffLength, 5], [100_000, 1000], [3_500_000, 65_536]] as const) {
      const bytes = randomBytes(size)
      const staged = await storage.stage(chunked(bytes, chunk))
      const key = storage.createKey()
      t.equal(staged.byteCount, size)
      t.ok(createHash('sha256').update(bytes).digest().equals(staged.sha256))
      t.ok(bytes.subarray(0, sniffLength).equals(staged.head))
      await staged.commit(key)
      await staged.discard()
      t.ok((await read(storage, key))?.equals(bytes), `${size} bytes`)
      const file = await storage.open(key)
      t.equal(file?.byteCount, size)
      file?.stream.destroy()
    }
  })

  t.test('an empty stream is an empty file', async (t) => {
    const { storage } = await open(t)
    const staged = await storage.stage(Readable.from([]))
    t.same([staged.byteCount, staged.head.length], [0, 0])
    const key = storage.createKey()
    await staged.commit(key)
    t.equal((await read(storage, key))?.length, 0)
  })

  t.test('the head is told once, as soon as it is there, and what it throws ends the staging', async (t) => {
    const { storage, list } = await open(t)
    const bytes = randomBytes(200)
    const heads: Buffer[] = []
    await (await storage.stage(chunked(bytes, 9), { onHead: (head) => { heads.push(head) } })).discard()
    t.same(heads, [bytes.subarray(0, sniffLength)])
    await (await storage.stage(Readable.from([Buffer.from('short')]), { onHead: (head) => { heads.push(head) } })).discard()
    t.same(heads[1], Buffer.from('short'))

    const source = chunked(randomBytes(10_000), 100)
    const refusal = new Error('not an image')
    await t.rejects(storage.stage(source, { onHead: () => { throw refusal } }), refusal)
    t.ok(source.destroyed, 'the rest is not read')
    t.same(await list(), [])
  })

  t.test('a source that breaks passes its error on and leaves nothing', async (t) => {
    const { storage, list } = await open(t)
    const source = Readable.from((async function * () {
      yield randomBytes(2_000_000)
      throw new Error('the client went away')
    })())
    await t.rejects(storage.stage(source), { message: 'the client went away' })
    t.same(await list(), [])
  })

  t.test('what is discarded is gone, and discarding again or after a commit is harmless', async (t) => {
    const { storage, list } = await open(t)
    const staged = await storage.stage(Readable.from([Buffer.from('image')]))
    t.equal((await list()).length, 1)
    await staged.discard()
    await staged.discard()
    t.same(await list(), [])
    await t.rejects(staged.commit(storage.createKey()), { code: 'CHR_UNAVAILABLE', dependency: 'storage' })
    t.same(await list(), [])
  })

  t.test('a commit never replaces what is there', async (t) => {
    const { storage } = await open(t)
    const key = storage.createKey()
    const stage = async (text: string) => await storage.stage(Readable.from([Buffer.from(text)]))
    await (await stage('first')).commit(key)
    await t.rejects((await stage('second')).commit(key), { code: 'CHR_UNAVAILABLE' })
    t.equal((await read(storage, key))?.toString(), 'first')
  })

  t.test('what was never there, or was deleted, is not found', async (t) => {
    const { storage, list } = await open(t)
    const key = storage.createKey()
    t.equal(await storage.open(key), undefined)
    await storage.delete(key)
    const staged = await storage.stage(Readable.from([Buffer.from('image')]))
    await staged.commit(key)
    await staged.discard()
    t.same(await list(), [key])
    await storage.delete(key)
    t.equal(await storage.open(key), undefined)
    t.same(await list(), [])
  })

  t.test('keys are random, and nothing else is taken for one', async (t) => {
    const { storage, list } = await open(t)
    t.equal(new Set(Array.from({ length: 1000 }, () => storage.createKey())).size, 1000)
    const staged = await storage.stage(Readable.from([Buffer.from('image')]))
    const good = 'a'.repeat(32)
    for (const key of ['', '..', '../../etc/passwd', '/etc/passwd', good.toUpperCase(), `${good}\0`, `${good}\n`, `/${good}`, good.slice(1)]) {
      await t.rejects(storage.open(key))
      await t.rejects(storage.delete(key))
      await t.rejects(staged.commit(key))
    }
    await staged.discard()
    t.same(await list(), [])
  })

  t.test('uploads at the same time do not meet', async (t) => {
    const { storage } = await open(t)
    const files = Array.from({ length: 20 }, (_none, index) => ({ key: storage.createKey(), bytes: randomBytes(50_000 + index) }))
    await Promise.all(files.map(async ({ key, bytes }) => {
      const staged = await storage.stage(chunked(bytes, 4096))
      await staged.commit(key)
      await staged.discard()
    }))
    for (const { key, bytes } of files) t.ok((await read(storage, key))?.equals(bytes))
  })
}
