import { createHash, randomBytes } from 'node:crypto'
import { open, opendir, rm, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import fp from 'fastify-plugin'
import { sniffLength } from '../../src/domain/creatives/image.ts'
import { ApiError, UnavailableError, orUnavailable } from '../../src/http/errors.ts'
import type { LocalFile } from '../platform/blob-store/contract.ts'

/** A completely received upload that is not processed yet. */
export interface StagedFile extends LocalFile {
  /** Its first bytes, enough to determine its type. */
  head: Buffer
  /** Deletes the file, if it still exists. */
  discard (): Promise<void>
}

/** Called once with the first bytes of a file; if it throws, staging fails with its error. */
type HeadCheck = (head: Buffer) => void

/** Receives uploads into files. A failed write throws an `UnavailableError`; errors of the source are rethrown. */
export interface Staging {
  readonly folder: string
  /** Size limit of a file; a longer one fails with CHR_TOO_LARGE. */
  readonly maximumBytes: number
  /** Receives a stream with bounded memory; counts and hashes its bytes. An error destroys the source and leaves no file. */
  stage (source: Readable, checkHead?: HeadCheck): Promise<StagedFile>
  /** Returns the paths of all files in the folder that were last written before this moment. */
  findAbandoned (olderThan: Date): Promise<string[]>
  /** Deletes those files and returns their number. */
  removeAbandoned (olderThan: Date): Promise<number>
}

declare module 'fastify' {
  interface FastifyInstance { staging: Staging }
}

/** Bytes per write, buffered for each upload: the 64 KiB chunks of Node cost a third of the throughput. */
const bufferBytes = 512 * 1024
/** A staged file this old was left by a killed process, because no request lasts that long. */
const abandonedAfterMs = 3_600_000

/**
 * Receives uploads into the staging folder of the blob store. When the service begins to listen, it deletes the files of killed
 * processes. Commands do not listen, so a dry run changes nothing.
 */
export default fp(async (fastify) => {
  const { blobs, clock, config } = fastify
  const staging = createStaging(blobs.stagingFolder, config.creatives.uploadMaxBytes)
  fastify.decorate('staging', staging)
  fastify.addHook('onListen', async () => { await staging.removeAbandoned(new Date(clock.now() - abandonedAfterMs)) })
}, { name: 'staging', dependencies: ['blob-store'], fastify: '5.x' })

export function createStaging (folder: string, maximumBytes: number): Staging {
  const findAbandoned = async (olderThan: Date) => await orUnavailable(listOlder(folder, olderThan.getTime()))
  return {
    folder,
    maximumBytes,

    async stage (source, checkHead) {
      const file = path.join(folder, randomBytes(16).toString('hex'))
      const discard = async () => { await orUnavailable(rm(file, { force: true })) }
      try {
        const handle = await orUnavailable(open(file, 'wx', 0o600))
        const received = await receive(source, handle, { maximumBytes, checkHead }).finally(() => handle.close())
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

/** The file is not synced: no response depends on it before the blob store syncs what is put. */
async function receive (
  source: Readable, handle: FileHandle, { maximumBytes, checkHead }: { maximumBytes: number, checkHead: HeadCheck | undefined }
) {
  const hash = createHash('sha256')
  let head = Buffer.alloc(0)
  let byteCount = 0
  let buffered: Buffer[] = []
  let bufferedBytes = 0

  async function write (): Promise<void> {
    const { bytesWritten } = await orUnavailable(handle.writev(buffered))
    if (bytesWritten !== bufferedBytes) throw new UnavailableError('storage', new Error('the file system wrote only a part'))
    buffered = []
    bufferedBytes = 0
  }

  for await (const chunk of source as AsyncIterable<Buffer>) {
    byteCount += chunk.length
    if (byteCount > maximumBytes) throw new ApiError('CHR_TOO_LARGE')
    if (head.length < sniffLength) {
      head = Buffer.concat([head, chunk]).subarray(0, sniffLength)
      if (head.length === sniffLength) checkHead?.(head)
    }
    hash.update(chunk)
    buffered.push(chunk)
    bufferedBytes += chunk.length
    if (bufferedBytes >= bufferBytes) await write()
  }
  if (head.length < sniffLength) checkHead?.(head)
  if (bufferedBytes > 0) await write()
  return { byteCount, sha256: hash.digest(), head }
}

async function listOlder (folder: string, moment: number): Promise<string[]> {
  const files: string[] = []
  for await (const { name } of await opendir(folder)) {
    const file = path.join(folder, name)
    // Another instance, or the upload itself, may have deleted it in the meantime.
    const found = await stat(file).catch(() => undefined)
    if (found !== undefined && found.mtimeMs < moment) files.push(file)
  }
  return files
}
