import { createHash, randomBytes } from 'node:crypto'
import { open, opendir, rm, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import fp from 'fastify-plugin'
import { sniffLength } from '../../src/domain/creatives/image.ts'
import { ApiError, UnavailableError } from '../../src/http/errors.ts'
import { orUnavailable } from '../../src/http/storage-errors.ts'

/** An upload that has arrived whole and waits to be looked at. */
export interface StagedFile {
  path: string
  byteCount: number
  sha256: Buffer
  /** Its first bytes, enough to tell its type. */
  head: Buffer
  /** Throws it away; harmless when it is gone. */
  discard (): Promise<void>
}

export interface StageOptions {
  /** One byte more ends the staging with CHR_TOO_LARGE. */
  maximumBytes: number
  /** Called once, as soon as the first bytes are there; what it throws ends the staging. */
  onHead? (head: Buffer): void
}

/** Where uploads arrive before they are stored. What cannot be written is an `UnavailableError`; what the source throws passes through. */
export interface Staging {
  readonly folder: string
  /** Receives a stream with bounded memory, counting and hashing on the way; on any error nothing is left and the source is destroyed. */
  stage (source: Readable, options: StageOptions): Promise<StagedFile>
  /** Paths of what was last written before a moment, whoever made it in the folder. */
  findAbandoned (olderThan: Date): Promise<string[]>
  /** Throws that away, and says how many files that were. */
  removeAbandoned (olderThan: Date): Promise<number>
}

declare module 'fastify' {
  interface FastifyInstance { staging: Staging }
}

/** Written in pieces of this size, one for each upload: Node's own 64 KiB cost a third of the throughput. */
const bufferBytes = 512 * 1024
/** A staged file this old belongs to a process that was killed: no request lives that long. */
const abandonedAfterMs = 3_600_000

/**
 * Offers `staging` in the folder that the blob store names. A service that listens throws away what killed processes
 * left there; a command, which may be asked to change nothing, does not.
 */
export default fp(async (fastify) => {
  const { blobs, clock } = fastify
  const staging = createStaging(blobs.stagingFolder)
  fastify.decorate('staging', staging)
  fastify.addHook('onListen', async () => { await staging.removeAbandoned(new Date(clock.now() - abandonedAfterMs)) })
}, { name: 'staging', dependencies: ['blob-store'], fastify: '5.x' })

export function createStaging (folder: string): Staging {
  const findAbandoned = async (olderThan: Date) => await orUnavailable(listOlder(folder, olderThan.getTime()))
  return {
    folder,

    async stage (source, options) {
      const file = path.join(folder, randomBytes(16).toString('hex'))
      const discard = async () => { await orUnavailable(rm(file, { force: true })) }
      try {
        const handle = await orUnavailable(open(file, 'wx', 0o600))
        const received = await receive(source, handle, options).finally(() => handle.close())
        return { path: file, ...received, discard }
      } catch (error) {
        source.destroy()
        await rm(file, { force: true }).catch(() => {})
        throw error
      }
    },

    findAbandoned,

    async removeAbandoned (olderThan) {
      const files = await findAbandoned(olderThan)
      for (const file of files) await orUnavailable(rm(file, { force: true }))
      return files.length
    }
  }
}

/** Not synced: a staged file that a power cut takes was promised to nobody, and what is stored of it is synced when it is put. */
async function receive (source: Readable, handle: FileHandle, { maximumBytes, onHead }: StageOptions) {
  const hash = createHash('sha256')
  let head = Buffer.alloc(0)
  let byteCount = 0
  let waiting: Buffer[] = []
  let waitingBytes = 0

  async function write (): Promise<void> {
    const { bytesWritten } = await orUnavailable(handle.writev(waiting))
    if (bytesWritten !== waitingBytes) throw new UnavailableError('storage', new Error('the file system took only a part'))
    waiting = []
    waitingBytes = 0
  }

  for await (const chunk of source as AsyncIterable<Buffer>) {
    byteCount += chunk.length
    if (byteCount > maximumBytes) throw new ApiError('CHR_TOO_LARGE')
    if (head.length < sniffLength) {
      head = Buffer.concat([head, chunk]).subarray(0, sniffLength)
      if (head.length === sniffLength) onHead?.(head)
    }
    hash.update(chunk)
    waiting.push(chunk)
    waitingBytes += chunk.length
    if (waitingBytes >= bufferBytes) await write()
  }
  if (head.length < sniffLength) onHead?.(head)
  if (waitingBytes > 0) await write()
  return { byteCount, sha256: hash.digest(), head }
}

async function listOlder (folder: string, moment: number): Promise<string[]> {
  const files: string[] = []
  for await (const { name } of await opendir(folder)) {
    const file = path.join(folder, name)
    // Another instance, or the upload itself, may have taken it away meanwhile.
    const found = await stat(file).catch(() => undefined)
    if (found !== undefined && found.mtimeMs < moment) files.push(file)
  }
  return files
}
