import path from 'node:path'
import { sniffImage, sniffLength } from '../../../src/domain/creatives/image.ts'
import type { ByteSource } from '../../../src/domain/creatives/images/cursor.ts'
import type { ImageFacts, Inspection } from '../../../src/domain/creatives/images/facts.ts'
import { inspect } from '../../../src/domain/creatives/images/inspect.ts'
import { ImageError } from '../../../src/domain/creatives/images/image-error.ts'
import { ApiError } from '../../../src/http/errors.ts'
import type { LocalFile } from '../../platform/blob-store/contract.ts'
import type { Images } from './contract.ts'
import { decode, free } from './decode.ts'
import { derive, previewSide, type Derivatives } from './derive.ts'
import { createWeightedSemaphore, type WeightedSemaphore } from './weighted-semaphore.ts'
import { createFolderWriter, executePlan, openSource, type FolderWriter } from './write.ts'

export interface ProcessOptions {
  /** Bytes of memory for all concurrent decoding. */
  decodeMemory: WeightedSemaphore
  /** Longest time for decoding one image. */
  decodeSeconds: number
}

/**
 * Number of files that are read and copied concurrently: one uses the disk while the other is hashed. Without a limit, the chunks
 * of a burst of uploads would arrive from the disk together, be hashed in one turn of the event loop, and hold their buffers.
 */
const concurrentCopies = 2

interface Job extends ProcessOptions {
  writer: FolderWriter
  signal: AbortSignal | undefined
}

/**
 * Processes an image in three steps: it reads the container, which needs little memory whatever the file claims; it writes
 * the clean file; and it decodes that file whole, within the memory limit, and writes the derivatives beside it.
 */
export function createImages (options: ProcessOptions): Images {
  const cleaning = createWeightedSemaphore(concurrentCopies)
  return {
    async process (staged, signal) {
      const job: Job = { ...options, signal, writer: createFolderWriter(path.dirname(staged)) }
      try {
        const { original, facts, plan: { removed } } = await cleaning.run(1, async () => await clean(staged, job), signal)
        const { preview, thumbnail, ...placeholders } = await createDerivatives(original, facts, job)
        const { contentType, frameCount } = facts
        return { contentType, ...displayedSize(facts), frameCount, removed: [...removed], ...placeholders, original, preview, thumbnail }
      } catch (error) {
        await job.writer.discard()
        throw toApiError(error)
      }
    }
  }
}

async function clean (staged: string, { writer, signal }: Job): Promise<Inspection & { original: LocalFile }> {
  const source = await openSource(staged)
  try {
    const inspection = await inspect[await sniffType(source)](source)
    signal?.throwIfAborted()
    const original = await writer.write(executePlan(inspection.plan, source))
    return { ...inspection, original }
  } finally {
    await source.close()
  }
}

async function sniffType (source: ByteSource) {
  const type = sniffImage(await source.read(0, Math.min(source.byteCount, sniffLength)))
  if (type === undefined) throw new ApiError('CHR_IMAGE_TYPE')
  return type
}

async function createDerivatives ({ path: file }: LocalFile, facts: ImageFacts, { decodeMemory, decodeSeconds, writer, signal }: Job) {
  async function work (): Promise<Derivatives> {
    const pixels = await decode(file, { facts, side: previewSide, seconds: decodeSeconds })
    return await derive(pixels).finally(() => free(pixels))
  }

  const { preview, thumbnail, ...placeholders } = await decodeMemory.run(facts.decodeBytes, work, signal)
  signal?.throwIfAborted()
  const files = { preview: await writer.write([preview]), thumbnail: await writer.write([thumbnail]) }
  signal?.throwIfAborted()
  return { ...placeholders, ...files }
}

/** Orientations 5 to 8 swap width and height. */
function displayedSize ({ width, height, orientation }: ImageFacts) {
  return orientation >= 5 ? { width: height, height: width } : { width, height }
}

function toApiError (error: unknown): unknown {
  if (!(error instanceof ImageError)) return error
  const code = error.kind === 'broken' ? 'CHR_IMAGE_BROKEN' : 'CHR_IMAGE_TOO_LARGE'
  return new ApiError(code, { message: error.message, cause: error })
}
