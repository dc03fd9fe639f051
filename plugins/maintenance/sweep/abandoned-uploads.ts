import type { FastifyInstance } from 'fastify'
import { discardImage } from '../../../db/images.ts'
import { listUnsettledImages } from '../../../db/sweeps.ts'
import type { SweepReport } from './contract.ts'
import { pageSize, type SweepTask } from './task.ts'

/** Gives up what was pending too long, then deletes the blobs of all that was given up. */
export async function settleUnsettled (
  { db, imageLedger }: FastifyInstance, task: SweepTask
): Promise<Pick<SweepReport, 'abandonedUploads' | 'discardedImages'>> {
  const abandonedUploads = await forEachPage('pending', async (keys) => {
    for (const key of keys) await db.transaction().execute(async (transaction) => await discardImage(transaction, key, 'pending'))
  })
  // In a dry run those are still pending, and would be gone as well.
  const discarded = await forEachPage('discarded', imageLedger.clear)
  return { abandonedUploads, discardedImages: task.isDryRun ? abandonedUploads + discarded : discarded }

  async function forEachPage (state: 'pending' | 'discarded', settle: (keys: string[]) => Promise<void>): Promise<number> {
    // Those just given up need no grace of their own.
    const before = state === 'pending' ? task.before : new Date(8.64e15)
    let count = 0
    let after = ''
    while (task.signal?.aborted !== true) {
      const keys = await listUnsettledImages(db, { state, before, after, limit: pageSize })
      if (!task.isDryRun) await settle(keys)
      count += keys.length
      const last = keys.at(-1)
      if (last === undefined) break
      after = last
    }
    return count
  }
}
