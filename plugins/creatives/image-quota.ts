import { randomBytes } from 'node:crypto'
import fp from 'fastify-plugin'
import { deleteDiscardedImage, discardImage, findImageState, findUsage, reserveImage, type ImageReservation } from '../../db/images.ts'
import { violates } from '../../db/errors.ts'
import { variants } from '../../src/domain/creatives/image.ts'
import { formatBytes, quotaDay, secondsLeftOfDay } from '../../src/domain/creatives/quota.ts'
import { ApiError, RateLimitedError } from '../../src/http/errors.ts'

export interface ReservationRequest {
  userId: number
  /** Length of the whole request body, if the client stated it. */
  statedBytes: number | undefined
  /** A new creative counts towards the daily limit; a replacement is credited with the bytes of the replaced image. */
  purpose: 'creative' | { replacedBytes: number }
}

/** An image that is being uploaded, with a reserved share of its owner's quota. */
export interface Reservation {
  readonly key: string
  readonly userId: number
  /** Set it before the first blob is put. */
  hasBlobs: boolean
}

/** Reserves the quota for images, and records which images have blobs in storage. */
export interface ImageQuota {
  /**
   * Reserves quota before the bytes are received. Concurrent uploads cannot exceed the limits together.
   * @throws {ApiError} CHR_RATE_LIMITED, CHR_QUOTA_EXCEEDED; CHR_UNAUTHENTICATED if the account was deleted
   */
  reserve (request: ReservationRequest): Promise<Reservation>
  /** Releases the reservation of a failed upload. It never throws: a failure is logged and left to the sweep. */
  release (reservation: Reservation): Promise<void>
  /**
   * Deletes the blobs of discarded images, then their rows. It never throws: the first failure is logged, and the rest is
   * left to the sweep.
   */
  deleteDiscarded (keys: readonly string[]): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance { imageQuota: ImageQuota }
}

type Share = Omit<ImageReservation, 'key' | 'userId' | 'limits'>

const concurrentDeletions = 8

/** Reserves and releases the quota for images, and deletes discarded images. */
export default fp(async (fastify) => {
  const { db, blobs, staging: { maximumBytes }, rowClock: clock, config, log } = fastify
  const limits = { byteCount: config.creatives.quotaBytes, creativesPerDay: config.creatives.quotaPerDay }

  /** Finds out which limit refused the reservation; usage may have changed since. */
  async function explainRefusal (userId: number, { byteCount, day, creativeCount }: Share): Promise<ApiError> {
    const usage = await findUsage(db, userId)
    const isDayFull = usage?.counted_on === day && usage.creative_count >= limits.creativesPerDay && limits.creativesPerDay > 0
    if (isDayFull && creativeCount === 1) {
      const message = `You have uploaded ${limits.creativesPerDay} creatives today, ${day} in UTC. That is the limit for one day.`
      return new RateLimitedError('creatives_per_day', secondsLeftOfDay(clock.now()), message)
    }
    const [used, quota, needed] = [usage?.byte_count ?? 0, limits.byteCount, byteCount].map(formatBytes)
    return new ApiError('CHR_QUOTA_EXCEEDED', {
      message: `Your images take ${used} of ${quota}, and this upload may need ${needed}. Delete some that you no longer need.`
    })
  }

  async function reserve ({ userId, statedBytes = maximumBytes, purpose }: ReservationRequest): Promise<Reservation> {
    const key = randomBytes(16).toString('hex')
    const share: Share = {
      byteCount: Math.min(statedBytes, maximumBytes),
      creditBytes: purpose === 'creative' ? 0 : purpose.replacedBytes,
      creativeCount: purpose === 'creative' ? 1 : 0,
      day: quotaDay(clock.now())
    }
    const isReserved = await reserveImage(db, { key, userId, ...share, limits }).catch((error: unknown) => {
      throw violates(error, 'foreignKey') ? new ApiError('CHR_UNAUTHENTICATED') : error
    })
    if (!isReserved) throw await explainRefusal(userId, share)
    return { key, userId, hasBlobs: false }
  }

  async function deleteOne (key: string): Promise<void> {
    await Promise.all(variants.map(async (variant) => { await blobs.delete(`${key}.${variant}`) }))
    await deleteDiscardedImage(db, key)
  }

  async function deleteDiscarded (keys: readonly string[]): Promise<void> {
    const left = [...keys]
    async function work (): Promise<void> {
      for (let key = left.pop(); key !== undefined; key = left.pop()) {
        await deleteOne(key).catch((error: unknown) => {
          const details = { err: error, key, left: left.length }
          log.error(details, 'the blobs of discarded images could not be deleted; the sweep will delete them')
          left.length = 0
        })
      }
    }
    await Promise.all(Array.from({ length: concurrentDeletions }, work))
  }

  fastify.decorate('imageQuota', {
    reserve,
    deleteDiscarded,

    async release ({ key, hasBlobs }) {
      try {
        const state = await db.transaction().execute(async (transaction) => {
          await discardImage(transaction, key, 'pending')
          if (!hasBlobs) await deleteDiscardedImage(transaction, key)
          return await findImageState(transaction, key)
        })
        // A ready image stays: the transaction may have been committed although the reply was lost.
        if (hasBlobs && state !== 'ready') await deleteDiscarded([key])
      } catch (error) {
        log.error({ err: error, key }, 'a failed upload could not be undone; the sweep will undo it')
      }
    }
  })
}, { name: 'image-quota', dependencies: ['postgres', 'blob-store', 'staging'], fastify: '5.x' })
