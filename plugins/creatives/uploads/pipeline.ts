import { rm } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import type { ImageColumns } from '../../../db/creatives.ts'
import { settleImage, type Blobs } from '../../../db/images.ts'
import type { Database } from '../../../db/schema.ts'
import { lockUsage } from '../../../db/usages.ts'
import { variants, type Variant } from '../../../src/domain/creatives/image.ts'
import { ApiError, UnavailableError } from '../../../src/http/errors.ts'
import { createYieldToEventLoop } from '../../../src/process/yield-to-event-loop.ts'
import type { Reservation, ReservationRequest } from '../image-quota.ts'
import type { ProcessedImage } from '../images/contract.ts'
import type { Upload, UploadForm } from './contract.ts'

export interface IntakeSteps<Prepared, Result> {
  purpose: ReservationRequest['purpose']
  /** Looks at the fields before anybody looks at the pixels; what it throws ends the upload. */
  prepare (form: UploadForm): Promise<Prepared>
  /** Makes the image that of a creative, in the transaction in which it becomes ready; what it throws takes all back. */
  finish (transaction: Kysely<Database>, image: ImageColumns, prepared: Prepared): Promise<Result>
}

export interface Intake {
  /** From the share of the quota to the transaction. Whatever fails leaves nothing, or a note for the sweep. */
  take<Prepared, Result> (upload: Upload, steps: IntakeSteps<Prepared, Result>): Promise<Result>
  /** Receives a form, and throws its file away when the work with it is over. */
  withForm<Result> (upload: Upload, work: (form: UploadForm) => Promise<Result>): Promise<Result>
}

export function createIntake ({ db, images, blobs, imageLedger, log }: FastifyInstance): Intake {
  const yieldToEventLoop = createYieldToEventLoop()

  /** What stays in the staging folder is no reason to refuse an upload that is done: the next start removes it. */
  async function tidy (discarding: Promise<unknown>): Promise<void> {
    await discarding.catch((error: unknown) => { log.warn({ err: error }, 'a staged file could not be deleted') })
  }

  async function withForm<Result> (upload: Upload, work: (form: UploadForm) => Promise<Result>): Promise<Result> {
    // Uploads that begin together start one by one.
    await yieldToEventLoop()
    const form = await upload.receive()
    try {
      return await work(form)
    } finally {
      await tidy(form.file.discard())
    }
  }

  async function withImage<Result> (path: string, signal: AbortSignal, work: (image: ProcessedImage) => Promise<Result>): Promise<Result> {
    const image = await images.process(path, signal)
    try {
      return await work(image)
    } finally {
      await tidy(Promise.all(variants.map(async (variant) => { await rm(image[variant].path, { force: true }) })))
    }
  }

  /** Waits for all of them even when one fails: what is still being put cannot be deleted. */
  async function put (reservation: Reservation, image: ProcessedImage): Promise<void> {
    reservation.hasBlobs = true
    const outcomes = await Promise.allSettled(variants.map(async (variant) => {
      await blobs.put(`${reservation.key}.${variant}`, { ...image[variant], contentType: contentTypeOf(variant, image) })
    }))
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failure !== undefined) throw failure.reason
  }

  async function settle (transaction: Kysely<Database>, { key, userId }: Reservation, image: ProcessedImage): Promise<void> {
    // The account was deleted while the image was on its way.
    if (!await lockUsage(transaction, userId)) throw new ApiError('CHR_UNAUTHENTICATED')
    const isSettled = await settleImage(transaction, { key, userId, byteCount: image.original.byteCount, blobs: blobsOf(image) })
    if (!isSettled) throw new UnavailableError('storage', new Error('the upload took so long that it was swept away'))
  }

  return {
    withForm,

    async take (upload, { purpose, prepare, finish }) {
      const { userId, statedBytes, signal } = upload
      const reservation = await imageLedger.reserve({ userId, statedBytes, purpose })
      try {
        return await withForm(upload, async (form) => {
          const prepared = await prepare(form)
          return await withImage(form.file.path, signal, async (image) => {
            await put(reservation, image)
            signal.throwIfAborted()
            return await db.transaction().execute(async (transaction) => {
              await settle(transaction, reservation, image)
              return await finish(transaction, columnsOf(reservation, form, image), prepared)
            })
          })
        })
      } catch (error) {
        await imageLedger.release(reservation)
        throw signal.aborted ? signal.reason : error
      }
    }
  }
}

function contentTypeOf (variant: Variant, image: ProcessedImage): string {
  return variant === 'original' ? image.contentType : 'image/webp'
}

function blobsOf (image: ProcessedImage): Blobs {
  const noteOf = ({ byteCount, sha256 }: ProcessedImage[Variant]) => ({ byte_count: byteCount, sha256: sha256.toString('hex') })
  return { original: noteOf(image.original), preview: noteOf(image.preview), thumbnail: noteOf(image.thumbnail) }
}

function columnsOf ({ key }: Reservation, { file }: UploadForm, image: ProcessedImage): ImageColumns {
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
