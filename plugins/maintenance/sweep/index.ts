import fp from 'fastify-plugin'
import { repeatEvery } from '../../../src/process/periodic.ts'
import { reconcileUploads } from './abandoned-uploads.ts'
import type { Sweep, SweepOptions, SweepReport } from './contract.ts'
import { withLease } from './lease.ts'
import { reconcileBlobs } from './listing.ts'

export type { Sweep, SweepOptions, SweepReport } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { sweep: Sweep }
}

/** Reconciles storage and database every SWEEP_SECONDS, on one instance at a time. Close interrupts it after the current step. */
export default fp(async (fastify) => {
  const { db, staging, clock, rowClock, config, log } = fastify

  async function run ({ isDryRun = false, signal: closing }: SweepOptions = {}): Promise<SweepReport | undefined> {
    // Rows have the time of PostgreSQL and staged files that of this machine. The earlier one spares uploads that are in progress.
    const before = new Date(Math.min(clock.now(), rowClock.now()) - config.maintenance.sweepGraceSeconds * 1000)
    return await withLease(db, async (lost) => {
      const signal = closing === undefined ? lost : AbortSignal.any([closing, lost])
      const task = { before, isDryRun, maximumDeletions: config.maintenance.sweepMaximumDeletions, signal }
      const stagedFiles = isDryRun ? (await staging.findAbandoned(before)).length : await staging.removeAbandoned(before)
      return { stagedFiles, ...await reconcileUploads(fastify, task), ...await reconcileBlobs(fastify, task) }
    })
  }

  async function runAndLog (signal: AbortSignal): Promise<void> {
    const report = await run({ signal })
    if (report === undefined) return
    const { isOverCap, incompleteImages } = report
    if (isOverCap) log.error(report, 'storage has more orphaned blobs than may be deleted: does this database belong to this storage?')
    else if (incompleteImages > 0) log.error(report, 'images lack blobs; their creatives are not shown')
    else if (Object.values(report).some(Boolean)) log.info(report, 'swept')
  }

  fastify.decorate('sweep', { run })
  if (config.maintenance.sweepSeconds === 0) return
  repeatEvery(fastify, { everyMs: config.maintenance.sweepSeconds * 1000, run: runAndLog, failure: 'the sweep failed' })
}, { name: 'sweep', dependencies: ['postgres', 'blob-store', 'staging', 'image-quota'], fastify: '5.x' })
