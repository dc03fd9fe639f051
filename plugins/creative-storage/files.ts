import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, open, readdir, rm, stat, unlink, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { sniffLength } from '../../src/domain/image.ts'
import { UnavailableError } from '../../src/errors.ts'
import type { CreativeStorage, StagedFile, StageOptions } from './contract.ts'

/** Written in pieces of this size; Node's own 64 KiB cost a third of the throughput. */
const bufferBytes = 1024 * 1024
/** A staged file this old belongs to a process that was killed. */
const abandonedAfterMs = 3_600_000
const keyPattern = /^[0-9a-f]{32}$/

/** Keeps files in a folder; uploads are staged on the same file system, so that moving them is one step. */
export async function createFileStorage (folder: string): Promise<CreativeStorage> {
  const staging = path.join(folder, 'staging')
  await mkdir(staging, { recursive: true, mode: 0o700 })
  await removeAbandoned(staging)

  /** 256 folders, so that none grows huge. */
  function placeOf (key: string): string {
    if (!keyPattern.test(key)) throw new TypeError('not a storage key')
    return path.join(folder, key.slice(0, 2), key)
  }

  async function commit (staged: string, key: string): Promise<void> {
    const place = placeOf(key)
    await mkdir(path.dirname(place), { recursive: true, mode: 0o700 })
    // A link, unlike a rename, refuses to replace what is there.
    await link(staged, place)
    await syncFolder(path.dirname(place))
  }

  return {
    createKey: () => randomBytes(16).toString('hex'),

    async stage (source, options = {}) {
      const file = path.join(staging, randomBytes(16).toString('hex'))
      const discard = async () => { await rm(file, { force: true }) }
      const handle = await guard(open(file, 'wx', 0o600))
      try {
        const received = await receive(source, handle, options).finally(() => handle.close())
        return { ...received, discard, commit: async (key) => { await guard(commit(file, key)) } } satisfies StagedFile
      } catch (error) {
        await discard()
        throw error
      }
    },

    async open (key) {
      const handle = await guard(open(placeOf(key), 'r').catch(ifMissing))
      if (handle === undefined) return undefined
      const { size } = await guard(handle.stat())
      return { stream: handle.createReadStream(), byteCount: size }
    },

    async delete (key) {
      await guard(unlink(placeOf(key)).catch(ifMissing))
    }
  }
}

async function receive (source: Readable, handle: FileHandle, { onHead }: StageOptions) {
  const hash = createHash('sha256')
  let head = Buffer.alloc(0)
  let byteCount = 0
  let waiting: Buffer[] = []
  let waitingBytes = 0

  async function write (): Promise<void> {
    const { bytesWritten } = await guard(handle.writev(waiting))
    if (bytesWritten !== waitingBytes) throw new UnavailableError('storage', new Error('the file system took only a part'))
    waiting = []
    waitingBytes = 0
  }

  for await (const chunk of source as AsyncIterable<Buffer>) {
    if (head.length < sniffLength) {
      head = Buffer.concat([head, chunk]).subarray(0, sniffLength)
      if (head.length === sniffLength) onHead?.(head)
    }
    hash.update(chunk)
    byteCount += chunk.length
    waiting.push(chunk)
    waitingBytes += chunk.length
    if (waitingBytes >= bufferBytes) await write()
  }
  if (head.length < sniffLength) onHead?.(head)
  if (waitingBytes > 0) await write()
  await guard(handle.sync())
  return { byteCount, sha256: hash.digest(), head }
}

/** A new name lasts through a power cut only when its folder was written too. */
async function syncFolder (folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

async function removeAbandoned (staging: string): Promise<void> {
  const now = Date.now()
  for (const name of await readdir(staging)) {
    const file = path.join(staging, name)
    const found = await stat(file).catch(ifMissing)
    if (now - (found?.mtimeMs ?? now) > abandonedAfterMs) await rm(file, { force: true })
  }
}

function ifMissing (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function guard<T> (work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new UnavailableError('storage', error)
  }
}
