import type { FastifyInstance } from 'fastify'
import { discardImage } from '../../../db/images.ts'
import { listUnfinishedImages } from '../../../db/maintenance.ts'
import { pageSize, type SweepReport, type SweepTask } from './contract.ts'

/** The latest possible Date. */
const endOfTime = new Date(8.64e15)

/** Discards uploads that have been pending too long, then deletes the blobs of all discarded images. */
export async function reconcileUploads (
  { db, imageQuota }: FastifyInstance, task: SweepTask
): Promise<Pick<SweepReport, 'abandonedUploads' | 'discardedImages'>> {
  const abandonedUploads = await forEachPage('pending', async (keys) => {
    for (const key of keys) await db.transaction().execute(async (transaction) => await discardImage(transaction, key, 'pending'))
  })
  const discarded = await forEachPage('discarded', imageQuota.deleteDiscarded)
  // In a dry run the abandoned uploads are still pending, but a sweep would delete their blobs too.
  return { abandonedUploads, discardedImages: task.isDryRun ? abandonedUploads + discarded : discarded }

  async function forEachPage (state: 'pending' | 'discarded', reconcile: (keys: string[]) => Promise<void>): Promise<number> {
    // Discarded images need no grace period.
    const before = state === 'pending' ? task.before : endOfTime
    let count = 0
    let after = ''
    while (!task.signal.aborted) {
      const keys = await listUnfinishedImages(db, { state, before, after, limit: pageSize })
      if (!task.isDryRun) await reconcile(keys)
      count += keys.length
      const last = keys.at(-1)
      if (last === undefined) break
      after = last
    }
    return count
  }
}
