import path from 'node:path'
import { sniffImage, sniffLength } from '../../../src/domain/creatives/image.ts'
import type { ByteSource } from '../../../src/domain/creatives/images/cursor.ts'
import type { ImageFacts, Inspection } from '../../../src/domain/creatives/images/facts.ts'
import { inspect } from '../../../src/domain/creatives/images/inspect.ts'
import { ImageProblem } from '../../../src/domain/creatives/images/problem.ts'
import { ApiError } from '../../../src/http/errors.ts'
import type { ImageFile, Images } from './contract.ts'
import { decode, free } from './decode.ts'
import { derive, previewSide, type Derivatives } from './derive.ts'
import { createBudget, type Budget } from './weighted-semaphore.ts'
import { createFolderWriter, followRecipe, openSource, type FolderWriter } from './write.ts'

export interface ProcessOptions {
  /** Bytes of memory for all decoding at once. */
  budget: Budget
  /** For decoding one image. */
  decodeSeconds: number
}

/**
 * How many files are read and copied at once: one uses the disk while the other is hashed. With all uploads of a burst,
 * pieces of many came from the disk together, to be hashed in one turn of the event loop, and each held its buffers.
 */
const cleanedAtOnce = 2

interface Job extends ProcessOptions {
  writer: FolderWriter
  signal: AbortSignal | undefined
}

/**
 * The container is read first, which costs no memory whatever it claims; the clean file is written; that file, the one
 * that will be shown, is decoded whole, within the budget; and what came of the decoding is written beside it.
 */
export function createImages (options: ProcessOptions): Images {
  const cleaning = createBudget(cleanedAtOnce)
  return {
    async process (staged, signal) {
      const job: Job = { ...options, signal, writer: createFolderWriter(path.dirname(staged)) }
      try {
        const { original, facts, recipe: { removed } } = await cleaning.run(1, async () => await clean(staged, job), signal)
        const { preview, thumbnail, ...impression } = await show(original, facts, job)
        const { contentType, frameCount } = facts
        return { contentType, ...shownSize(facts), frameCount, removed: [...removed], ...impression, original, preview, thumbnail }
      } catch (error) {
        await job.writer.discard()
        throw explain(error)
      }
    }
  }
}

async function clean (staged: string, { writer, signal }: Job): Promise<Inspection & { original: ImageFile }> {
  const source = await openSource(staged)
  try {
    const inspection = await inspect[await typeOf(source)](source)
    signal?.throwIfAborted()
    const original = await writer.write(followRecipe(inspection.recipe, source))
    return { ...inspection, original }
  } finally {
    await source.close()
  }
}

async function typeOf (source: ByteSource) {
  const type = sniffImage(await source.read(0, Math.min(source.byteCount, sniffLength)))
  if (type === undefined) throw new ApiError('CHR_IMAGE_TYPE')
  return type
}

async function show ({ path: file }: ImageFile, facts: ImageFacts, { budget, decodeSeconds, writer, signal }: Job) {
  async function work (): Promise<Derivatives> {
    const pixels = await decode(file, { facts, side: previewSide, seconds: decodeSeconds })
    return await derive(pixels).finally(() => free(pixels))
  }

  const { preview, thumbnail, ...impression } = await budget.run(facts.decodeBytes, work, signal)
  signal?.throwIfAborted()
  const files = { preview: await writer.write([preview]), thumbnail: await writer.write([thumbnail]) }
  signal?.throwIfAborted()
  return { ...impression, ...files }
}

/** Orientations from 5 on lie on their side. */
function shownSize ({ width, height, orientation }: ImageFacts) {
  return orientation >= 5 ? { width: height, height: width } : { width, height }
}

function explain (error: unknown): unknown {
  if (!(error instanceof ImageProblem)) return error
  const code = error.kind === 'broken' ? 'CHR_IMAGE_BROKEN' : 'CHR_IMAGE_TOO_LARGE'
  return new ApiError(code, { message: error.message, cause: error })
}
