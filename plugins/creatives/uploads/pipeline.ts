import { rm } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import type { ImageColumns } from '../../../db/creatives.ts'
import { completeImage, lockUsage, type Blobs } from '../../../db/images.ts'
import type { Database } from '../../../db/schema.ts'
import { contentTypeOfVariant, variants, type Variant } from '../../../src/domain/creatives/image.ts'
import { ApiError, UnavailableError } from '../../../src/http/errors.ts'
import { createYieldToEventLoop } from '../../../src/process/yield-to-event-loop.ts'
import type { Reservation, ReservationRequest } from '../image-quota.ts'
import type { ProcessedImage } from '../images/contract.ts'
import type { Upload, UploadForm } from './contract.ts'

export interface UploadSteps<Prepared, Result> {
  purpose: ReservationRequest['purpose']
  /** Checks the fields before the image is decoded; if it throws, the upload fails. */
  prepare (form: UploadForm): Promise<Prepared>
  /** Links the image to a creative, in the transaction in which the image becomes ready; if it throws, all is rolled back. */
  finish (transaction: Kysely<Database>, image: ImageColumns, prepared: Prepared): Promise<Result>
}

export interface UploadPipeline {
  /** Runs an upload from the reservation of the quota to the transaction. A failure leaves nothing, or a row for the sweep. */
  run<Prepared, Result> (upload: Upload, steps: UploadSteps<Prepared, Result>): Promise<Result>
  /** Receives a form, and deletes its file after the work. */
  withForm<Result> (upload: Upload, work: (form: UploadForm) => Promise<Result>): Promise<Result>
}

export function createUploadPipeline ({ db, images, blobs, imageQuota, log }: FastifyInstance): UploadPipeline {
  const yieldToEventLoop = createYieldToEventLoop()

  /** A staged file that cannot be deleted does not fail a finished upload; the next start deletes it. */
  async function logFailure (deletion: Promise<unknown>): Promise<void> {
    await deletion.catch((error: unknown) => { log.warn({ err: error }, 'a staged file could not be deleted') })
  }

  async function withForm<Result> (upload: Upload, work: (form: UploadForm) => Promise<Result>): Promise<Result> {
    // Uploads that arrive together start one per turn of the event loop.
    await yieldToEventLoop()
    const form = await upload.receive()
    try {
      return await work(form)
    } finally {
      await logFailure(form.file.discard())
    }
  }

  async function withImage<Result> (path: string, signal: AbortSignal, work: (image: ProcessedImage) => Promise<Result>): Promise<Result> {
    const image = await images.process(path, signal)
    try {
      return await work(image)
    } finally {
      await logFailure(Promise.all(variants.map(async (variant) => { await rm(image[variant].path, { force: true }) })))
    }
  }

  /** Waits for all variants even if one fails, because a blob cannot be deleted while it is being put. */
  async function put (reservation: Reservation, image: ProcessedImage): Promise<void> {
    reservation.hasBlobs = true
    const outcomes = await Promise.allSettled(variants.map(async (variant) => {
      await blobs.put(`${reservation.key}.${variant}`, { ...image[variant], contentType: contentTypeOfVariant(variant, image.contentType) })
    }))
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failure !== undefined) throw failure.reason
  }

  async function complete (transaction: Kysely<Database>, { key, userId }: Reservation, image: ProcessedImage): Promise<void> {
    // The account may have been deleted during the upload.
    if (!await lockUsage(transaction, userId)) throw new ApiError('CHR_UNAUTHENTICATED')
    const isCompleted = await completeImage(transaction, { key, userId, byteCount: image.original.byteCount, blobs: describeBlobs(image) })
    if (!isCompleted) throw new UnavailableError('storage', new Error('the upload took so long that the sweep removed it'))
  }

  return {
    withForm,

    async run (upload, { purpose, prepare, finish }) {
      const { userId, statedBytes, signal } = upload
      const reservation = await imageQuota.reserve({ userId, statedBytes, purpose })
      try {
        return await withForm(upload, async (form) => {
          const prepared = await prepare(form)
          return await withImage(form.file.path, signal, async (image) => {
            await put(reservation, image)
            signal.throwIfAborted()
            return await db.transaction().execute(async (transaction) => {
              await complete(transaction, reservation, image)
              return await finish(transaction, toColumns(reservation, form, image), prepared)
            })
          })
        })
      } catch (error) {
        await imageQuota.release(reservation)
        throw signal.aborted ? signal.reason : error
      }
    }
  }
}

function describeBlobs (image: ProcessedImage): Blobs {
  const describe = ({ byteCount, sha256 }: ProcessedImage[Variant]) => ({ byte_count: byteCount, sha256: sha256.toString('hex') })
  return { original: describe(image.original), preview: describe(image.preview), thumbnail: describe(image.thumbnail) }
}

function toColumns ({ key }: Reservation, { file }: UploadForm, image: ProcessedImage): ImageColumns {
  return {
    creative_url: key,
    content_type: image.contentType,
    byte_count: image.original.byteCount,
    sha256: image.original.sha256,
    source_sha256: file.sha256,
    width: image.width,
    height: image.height,
    frame_count: image.frameCount,
    dominant_color: image.dominantColor,
    thumb_hash: image.thumbHash,
    removed: image.removed
  }
}
