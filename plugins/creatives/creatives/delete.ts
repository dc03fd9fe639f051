import type { FastifyInstance } from 'fastify'
import { deleteForGood, listDeletedCreatives, restoreCreative, softDeleteCreative, type OwnCreative } from '../../../db/creatives.ts'
import { deleteIdempotencyKeys } from '../../../db/idempotency-keys.ts'
import { discardImage, lockUsage } from '../../../db/images.ts'
import type { Creative } from '../../../db/schema.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { idempotencyKeyLifeMs } from '../../../src/http/idempotency-key.ts'

export interface CreativeDeletion {
  /**
   * Hides a creative at once; a purge removes it after ten minutes.
   * @throws {ApiError} CHR_NOT_FOUND
   */
  delete (creative: OwnCreative): Promise<void>
  /** @throws {ApiError} CHR_NOT_FOUND, also after the ten minutes */
  restore (creative: OwnCreative): Promise<Creative>
  /**
   * Removes rows and images that were deleted at least ten minutes ago, and expired idempotency keys.
   * @returns how many creatives this instance removed
   */
  purge (signal?: AbortSignal): Promise<number>
}

const undoMs = 10 * 60_000
const batchSize = 100
const keyBatchSize = 1000

const notFound = (message: string) => new ApiError('CHR_NOT_FOUND', { message })

export function createDeletion ({ db, imageQuota, rowClock: clock }: FastifyInstance): CreativeDeletion {
  const endOfUndo = () => new Date(clock.now() - undoMs)

  /** Returns the key of its image, or `undefined` if another instance removed the row or the owner restored it. */
  async function deleteRow ({ id, userId }: OwnCreative, until: Date): Promise<string | undefined> {
    return await db.transaction().execute(async (transaction) => {
      await lockUsage(transaction, userId)
      const key = await deleteForGood(transaction, id, until)
      if (key !== undefined) await discardImage(transaction, key, 'ready')
      return key
    })
  }

  async function purgeBatch (until: Date, signal: AbortSignal | undefined): Promise<{ found: number, purged: number }> {
    const deleted = await listDeletedCreatives(db, until, batchSize)
    let purged = 0
    for (const creative of deleted) {
      if (signal?.aborted === true) break
      const key = await deleteRow(creative, until)
      if (key === undefined) continue
      await imageQuota.deleteDiscarded([key])
      purged += 1
    }
    return { found: deleted.length, purged }
  }

  return {
    async delete (creative) {
      if (!await softDeleteCreative(db, creative, new Date(clock.now()))) throw notFound('You have no such creative.')
    },

    async restore (creative) {
      const restored = await restoreCreative(db, creative, endOfUndo())
      if (restored === undefined) throw notFound('You have not deleted such a creative within the last 10 minutes.')
      return restored
    },

    async purge (signal) {
      const until = endOfUndo()
      let purged = 0
      for (let found = batchSize; found === batchSize && signal?.aborted !== true;) {
        const batch = await purgeBatch(until, signal)
        found = batch.found
        purged += batch.purged
      }
      const before = new Date(clock.now() - idempotencyKeyLifeMs)
      for (let count = keyBatchSize; count === keyBatchSize && signal?.aborted !== true;) {
        count = await deleteIdempotencyKeys(db, before, keyBatchSize)
      }
      return purged
    }
  }
}
