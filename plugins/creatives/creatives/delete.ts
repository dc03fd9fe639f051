import fp from 'fastify-plugin'
import { deleteHiddenCreative, hideCreative, listHiddenCreatives, restoreCreative, type OwnCreative } from '../../../db/creatives.ts'
import { deleteIdempotencyKeys } from '../../../db/idempotency-keys.ts'
import { discardImage } from '../../../db/images.ts'
import type { Creative } from '../../../db/schema.ts'
import { lockUsage } from '../../../db/usages.ts'
import { idempotencyKeyLifeMs } from '../../../src/domain/http/idempotency.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { repeatEvery } from '../../../src/process/periodic.ts'

/** Takes creatives out of sight at once, and away for good ten minutes later. */
export interface CreativeDeletion {
  /** @throws {ApiError} CHR_NOT_FOUND */
  delete (creative: OwnCreative): Promise<void>
  /** @throws {ApiError} CHR_NOT_FOUND, also where the ten minutes are over */
  restore (creative: OwnCreative): Promise<Creative>
  /** Deletes rows and images of what was deleted ten minutes ago, and old idempotency keys; returns how many creatives this instance took. */
  purge (signal?: AbortSignal): Promise<number>
}

declare module 'fastify' {
  interface FastifyInstance { creativeDeletion: CreativeDeletion }
}

const undoMs = 10 * 60_000
const everyMs = 60_000
const batchSize = 100
const keyBatchSize = 1000

const missing = (message: string) => new ApiError('CHR_NOT_FOUND', { message })

/** Offers `creativeDeletion` and purges each minute, on as many instances as there are. Close ends it after the creative under way. */
export default fp(async (fastify) => {
  const { db, imageLedger, clock } = fastify
  const endOfUndo = () => new Date(clock.now() - undoMs)

  /** The key of its image; `undefined` where another instance was faster, or it was restored. */
  async function deleteRow ({ id, userId }: OwnCreative, until: Date): Promise<string | undefined> {
    return await db.transaction().execute(async (transaction) => {
      await lockUsage(transaction, userId)
      const key = await deleteHiddenCreative(transaction, id, until)
      if (key !== undefined) await discardImage(transaction, key, 'ready')
      return key
    })
  }

  async function purgeBatch (until: Date, signal: AbortSignal | undefined): Promise<{ found: number, purged: number }> {
    const hidden = await listHiddenCreatives(db, until, batchSize)
    let purged = 0
    for (const creative of hidden) {
      if (signal?.aborted === true) break
      const key = await deleteRow(creative, until)
      if (key === undefined) continue
      await imageLedger.clear([key])
      purged += 1
    }
    return { found: hidden.length, purged }
  }

  async function purge (signal?: AbortSignal): Promise<number> {
    const until = endOfUndo()
    let purged = 0
    for (let found = batchSize; found === batchSize && signal?.aborted !== true;) {
      const batch = await purgeBatch(until, signal)
      found = batch.found
      purged += batch.purged
    }
    const before = new Date(clock.now() - idempotencyKeyLifeMs)
    for (let count = keyBatchSize; count === keyBatchSize && signal?.aborted !== true;) count = await deleteIdempotencyKeys(db, before, keyBatchSize)
    return purged
  }

  fastify.decorate('creativeDeletion', {
    async delete (creative) {
      if (!await hideCreative(db, creative, new Date(clock.now()))) throw missing('You have no such creative.')
    },

    async restore (creative) {
      const restored = await restoreCreative(db, creative, endOfUndo())
      if (restored === undefined) throw missing('You have deleted no such creative within the last 10 minutes.')
      return restored
    },

    purge
  })
  repeatEvery(fastify, { everyMs, run: purge, failure: 'deleted creatives could not be purged' })
}, { name: 'creative-deletion', dependencies: ['postgres', 'image-ledger'], fastify: '5.x' })
