import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { listReleasedAccounts, releasedAccountDays } from '../../db/phone-moves.ts'
import { deleteUser } from '../../db/users.ts'
import { repeatEvery } from '../../src/process/periodic.ts'

const everyMs = 3_600_000
const batchSize = 100

/**
 * Deletes the accounts that lost their number 30 days ago, with all their data, as `DELETE /me` does. Instances may run it
 * concurrently.
 * @returns how many accounts this instance deleted
 */
export async function deleteReleasedAccounts (
  { db, imageQuota, securityLog, rowClock }: Pick<FastifyInstance, 'db' | 'imageQuota' | 'securityLog' | 'rowClock'>,
  signal?: AbortSignal
): Promise<number> {
  const before = new Date(rowClock.now() - releasedAccountDays * 86_400_000)
  let deleted = 0
  for (let ids = await listReleasedAccounts(db, { before, limit: batchSize }); ids.length > 0;) {
    for (const userId of ids) {
      if (signal?.aborted === true) return deleted
      const { isDeleted, images } = await deleteUser(db, userId)
      await imageQuota.deleteDiscarded(images)
      if (!isDeleted) continue
      deleted += 1
      securityLog.record('account.deleted', { userId })
    }
    ids = await listReleasedAccounts(db, { before, limit: batchSize })
  }
  return deleted
}

/** Deletes released accounts every hour on each instance. Close interrupts it after the current account. */
export default fp(async (fastify) => {
  const run = async (signal: AbortSignal) => await deleteReleasedAccounts(fastify, signal)
  repeatEvery(fastify, { everyMs, run, failure: 'released accounts could not be deleted' })
}, { name: 'released-accounts', dependencies: ['postgres', 'image-quota', 'security-events'], fastify: '5.x' })
