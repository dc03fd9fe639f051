import path from 'node:path'
import { sniffImage, sniffLength } from '../../../src/domain/creatives/image.ts'
import type { ByteSource } from '../../../src/domain/creatives/images/cursor.ts'
import { checkMemory, type ImageFacts, type Inspection } from '../../../src/domain/creatives/images/facts.ts'
import { inspect } from '../../../src/domain/creatives/images/inspect.ts'
import { ImageError } from '../../../src/domain/creatives/images/image-error.ts'
import type { CompressedFrame } from '../../../src/domain/creatives/images/png-rows.ts'
import { ApiError } from '../../../src/http/errors.ts'
import type { LocalFile } from '../../platform/blob-store/contract.ts'
import type { Images, ProcessedImage } from './contract.ts'
import { decode, free } from './decode.ts'
import { checkCompressedFrames } from './frames.ts'
import { derive, previewSide, type Derivatives } from './derive.ts'
import { createWeightedSemaphore, type WeightedSemaphore } from './weighted-semaphore.ts'
import { createFolderWriter, executePlan, openSource, type FolderWriter, type SourceFile } from './write.ts'

export interface ProcessOptions {
  /** Most memory for all concurrent decoding. */
  memoryBytes: number
  /** Its total is `memoryBytes`. */
  decodeMemory: WeightedSemaphore
  /** Limits the number of images that are decoded at the same time. */
  decoding: WeightedSemaphore
  /** Longest time for decoding one image. */
  decodeSeconds: number
}

/**
 * Number of files that are read and copied concurrently: one uses the disk while the other is hashed. Without a limit, the chunks
 * of a burst of uploads would arrive from the disk together, be hashed in one turn of the event loop, and hold their buffers.
 */
const concurrentCopies = 2

type Files = Omit<ProcessedImage, keyof ImageFacts>

interface Job extends ProcessOptions {
  staged: string
  writer: FolderWriter
  cleaning: WeightedSemaphore
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
      const job: Job = { ...options, staged, signal, writer: createFolderWriter(path.dirname(staged)), cleaning }
      try {
        const inspection = await withSource(job, async (source) => await inspect[await sniffType(source)](source))
        checkMemory(inspection.facts, options.memoryBytes)
        const { contentType, frameCount } = inspection.facts
        return { contentType, ...displayedSize(inspection.facts), frameCount, ...await createFiles(inspection, job) }
      } catch (error) {
        await job.writer.discard()
        throw toApiError(error)
      }
    }
  }
}

async function withSource<T> ({ staged, cleaning, signal }: Job, work: (source: SourceFile) => Promise<T>): Promise<T> {
  return await cleaning.run(1, async () => {
    const source = await openSource(staged)
    return await work(source).finally(source.close)
  }, signal)
}

/** Writes the clean image and what derives from it; again if the decoder finds something that can be mended. */
async function createFiles (inspection: Inspection, job: Job): Promise<Files> {
  const { plan, repair } = inspection
  const original = await withSource(job, async (source) => await job.writer.write(executePlan(plan, source)))
  try {
    return { original, removed: [...plan.removed], ...await createDerivatives(original, inspection, job) }
  } catch (error) {
    const repaired = repair?.(readReport(error))
    if (repaired === undefined) throw error
    await job.writer.remove(original)
    return await createFiles({ ...inspection, plan: repaired }, job)
  }
}

/** Returns the sentence of the decoder, if there is one. */
function readReport (error: unknown): string {
  return String((error as Error).cause)
}

async function sniffType (source: ByteSource) {
  const type = sniffImage(await source.read(0, Math.min(source.byteCount, sniffLength)))
  if (type === undefined) throw new ApiError('CHR_IMAGE_TYPE')
  return type
}

async function createDerivatives ({ path: file }: LocalFile, { facts, compressedFrames = [] }: Inspection, job: Job) {
  const { decodeMemory, decoding, decodeSeconds, writer, signal } = job

  async function work (): Promise<Derivatives> {
    if (compressedFrames.length > 0) await checkStaged(job, compressedFrames)
    const pixels = await decode(file, { facts, side: previewSide, seconds: decodeSeconds })
    return await derive(pixels).finally(() => free(pixels))
  }

  const { preview, thumbnail, ...placeholders } = await decodeMemory.run(
    facts.decodeBytes, async () => await decoding.run(1, work, signal), signal
  )
  signal?.throwIfAborted()
  const files = { preview: await writer.write([preview]), thumbnail: await writer.write([thumbnail]) }
  signal?.throwIfAborted()
  return { ...placeholders, ...files }
}

async function checkStaged ({ staged, signal }: Job, frames: CompressedFrame[]): Promise<void> {
  const source = await openSource(staged)
  await checkCompressedFrames(source, frames, signal).finally(source.close)
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
