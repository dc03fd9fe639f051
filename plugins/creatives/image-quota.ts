import { randomBytes } from 'node:crypto'
import fp from 'fastify-plugin'
import { deleteDiscardedImage, discardImage, findImageState, reserveImage, type ImageReservation } from '../../db/images.ts'
import { findUsage } from '../../db/usages.ts'
import { violates } from '../../db/violations.ts'
import { maximumImageBytes, variants } from '../../src/domain/creatives/image.ts'
import { readableBytes, quotaDay, secondsLeftOfDay } from '../../src/domain/creatives/quota.ts'
import { ApiError, RateLimitedError } from '../../src/http/errors.ts'

export interface ReservationRequest {
  userId: number
  /** Of the whole body, where the client says. */
  statedBytes: number | undefined
  /** Whether it counts among the creatives of the day, or replaces an image of so many bytes. */
  purpose: 'creative' | { replacedBytes: number }
}

/** An image on its way, with a share of its owner's quota. */
export interface Reservation {
  readonly key: string
  readonly userId: number
  /** Set before the first of its blobs is put. */
  hasBlobs: boolean
}

/** The book of images: what they take of the quota, and which have blobs in storage. */
export interface ImageLedger {
  /**
   * Takes a share of the quota before the bytes come, exactly, whatever comes at once.
   * @throws {ApiError} CHR_RATE_LIMITED, CHR_QUOTA_EXCEEDED; CHR_UNAUTHENTICATED where the account is gone
   */
  reserve (request: ReservationRequest): Promise<Reservation>
  /** Undoes what did not become ready. It never throws: what cannot be undone now is logged, and stays in the book for the sweep. */
  release (reservation: Reservation): Promise<void>
  /** Deletes the blobs of discarded images, then their entries. It never throws, as `release`; the first failure leaves the rest to the sweep. */
  clear (keys: readonly string[]): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance { imageLedger: ImageLedger }
}

type Share = Omit<ImageReservation, 'key' | 'userId' | 'limits'>

const clearedAtOnce = 8

/** Offers `imageLedger`. */
export default fp(async (fastify) => {
  const { db, blobs, clock, config, log } = fastify
  const limits = { byteCount: config.QUOTA_BYTES_PER_USER, creativesPerDay: config.QUOTA_CREATIVES_PER_DAY }

  /** Which limit it was, as far as that can still be told. */
  async function refusal (userId: number, { byteCount, day, creativeCount }: Share): Promise<ApiError> {
    const usage = await findUsage(db, userId)
    const isDayFull = usage?.counted_on === day && usage.creative_count >= limits.creativesPerDay && limits.creativesPerDay > 0
    if (isDayFull && creativeCount === 1) {
      const message = `You have uploaded ${limits.creativesPerDay} creatives today, ${day} in UTC. That is the most of one day.`
      return new RateLimitedError('creatives_per_day', secondsLeftOfDay(clock.now()), message)
    }
    const [used, room, needed] = [usage?.byte_count ?? 0, limits.byteCount, byteCount].map(readableBytes)
    return new ApiError('CHR_QUOTA_EXCEEDED', {
      message: `Your images take ${used} of ${room}, and this upload may need ${needed}. Delete some that you no longer need.`
    })
  }

  async function reserve ({ userId, statedBytes = maximumImageBytes, purpose }: ReservationRequest): Promise<Reservation> {
    const key = randomBytes(16).toString('hex')
    const share: Share = {
      byteCount: Math.min(statedBytes, maximumImageBytes),
      creditBytes: purpose === 'creative' ? 0 : purpose.replacedBytes,
      creativeCount: purpose === 'creative' ? 1 : 0,
      day: quotaDay(clock.now())
    }
    const isReserved = await reserveImage(db, { key, userId, ...share, limits }).catch((error: unknown) => {
      throw violates(error, 'foreignKey') ? new ApiError('CHR_UNAUTHENTICATED') : error
    })
    if (!isReserved) throw await refusal(userId, share)
    return { key, userId, hasBlobs: false }
  }

  async function clearOne (key: string): Promise<void> {
    await Promise.all(variants.map(async (variant) => { await blobs.delete(`${key}.${variant}`) }))
    await deleteDiscardedImage(db, key)
  }

  async function clear (keys: readonly string[]): Promise<void> {
    const left = [...keys]
    async function work (): Promise<void> {
      for (let key = left.pop(); key !== undefined; key = left.pop()) {
        await clearOne(key).catch((error: unknown) => {
          log.error({ err: error, key, left: left.length }, 'the blobs of discarded images could not be deleted; the sweep will')
          left.length = 0
        })
      }
    }
    await Promise.all(Array.from({ length: clearedAtOnce }, work))
  }

  fastify.decorate('imageLedger', {
    reserve,
    clear,

    async release ({ key, hasBlobs }) {
      try {
        const state = await db.transaction().execute(async (transaction) => {
          await discardImage(transaction, key, 'pending')
          if (!hasBlobs) await deleteDiscardedImage(transaction, key)
          return await findImageState(transaction, key)
        })
        // One that is ready after all stays: the database may have done what it could not say any more.
        if (hasBlobs && state !== 'ready') await clear([key])
      } catch (error) {
        log.error({ err: error, key }, 'an upload could not be undone; the sweep will')
      }
    }
  })
}, { name: 'image-ledger', dependencies: ['postgres', 'blob-store'], fastify: '5.x' })
