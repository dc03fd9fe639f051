import type { FastifyInstance } from 'fastify'
import {
  deleteForGood, listDeletedCreatives, listRestorableCreatives, restoreCreative, softDeleteCreative, type CreativeView, type OwnCreative,
  type OwnedCreative
} from '../../../db/creatives.ts'
import { deleteIdempotencyKeys } from '../../../db/idempotency-keys.ts'
import { discardImage, lockUsage } from '../../../db/images.ts'
import { decodeDatedCursor, encodeDatedCursor } from '../../../src/domain/http/cursors.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { idempotencyKeyLifeMs } from '../../../src/http/idempotency-key.ts'
import { fieldError } from '../../../src/http/parsers.ts'

export interface DeletedRequest {
  ownerId: number
  limit: number
  cursor?: string | undefined
}

export interface DeletedCreative extends CreativeView {
  deleted_at: Date
  restorableUntil: Date
}

export interface CreativeDeletion {
  /**
   * Hides a creative at once; a purge removes it after ten minutes.
   * @throws {ApiError} CHR_NOT_FOUND
   */
  delete (creative: OwnCreative): Promise<void>
  /** @throws {ApiError} CHR_NOT_FOUND, also after the ten minutes */
  restore (creative: OwnCreative): Promise<OwnedCreative>
  /**
   * Lists what a user can restore, the newest creative first. `nextCursor` is `null` on the last page.
   * @throws {ApiError} CHR_VALIDATION for another cursor
   */
  listDeleted (request: DeletedRequest): Promise<{ creatives: DeletedCreative[], nextCursor: string | null }>
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

    async listDeleted ({ ownerId, limit, cursor }) {
      const beforeId = cursor === undefined ? Number.MAX_SAFE_INTEGER : parseCursor(cursor)
      // One extra row tells whether there is a next page.
      const listed = await listRestorableCreatives(db, { ownerId, after: endOfUndo(), beforeId, limit: limit + 1 })
      const creatives = listed.slice(0, limit).map((creative) => (
        { ...creative, restorableUntil: new Date(creative.deleted_at.getTime() + undoMs) }
      ))
      const last = listed.length > limit ? creatives.at(-1) : undefined
      return { creatives, nextCursor: last === undefined ? null : encodeDatedCursor({ date: null, id: last.id }) }
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

function parseCursor (cursor: string): number {
  const position = decodeDatedCursor(cursor)
  if (position?.date !== null) throw fieldError('cursor', 'is not a next_cursor of this list')
  return position.id
}
