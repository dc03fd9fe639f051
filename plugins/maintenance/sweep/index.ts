import fp from 'fastify-plugin'
import { withBlobListing } from '../../../db/blob-listing.ts'
import { repeatEvery } from '../../../src/process/periodic.ts'
import type { Sweep, SweepOptions, SweepReport } from './contract.ts'
import { settleListing } from './listing.ts'
import { settleUnsettled } from './abandoned-uploads.ts'

export type { Sweep, SweepOptions, SweepReport } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { sweep: Sweep }
}

/** Offers `sweep` and runs it every SWEEP_SECONDS, on one instance at a time. Close ends it after the step under way. */
export default fp(async (fastify) => {
  const { db, staging, clock, config, log } = fastify

  async function run ({ isDryRun = false, signal }: SweepOptions = {}): Promise<SweepReport | undefined> {
    const before = new Date(clock.now() - config.SWEEP_GRACE_SECONDS * 1000)
    const task = { before, isDryRun, maximumDeletions: config.SWEEP_MAXIMUM_DELETIONS, signal }
    return await withBlobListing(db, async (listing) => {
      const stagedFiles = isDryRun ? (await staging.findAbandoned(before)).length : await staging.removeAbandoned(before)
      return { stagedFiles, ...await settleUnsettled(fastify, task), ...await settleListing(fastify, listing, task) }
    })
  }

  async function runAndTell (signal: AbortSignal): Promise<void> {
    const report = await run({ signal })
    if (report === undefined) return
    const { isOverCap, incompleteImages } = report
    if (isOverCap) log.error(report, 'storage has more blobs that belong to no image than may be deleted: is this the database that belongs to it?')
    else if (incompleteImages > 0) log.error(report, 'images lack blobs; their creatives are not shown')
    else if (Object.values(report).some(Boolean)) log.info(report, 'swept')
  }

  fastify.decorate('sweep', { run })
  if (config.SWEEP_SECONDS === 0) return
  repeatEvery(fastify, { everyMs: config.SWEEP_SECONDS * 1000, run: runAndTell, failure: 'the sweep did not come to its end' })
}, { name: 'sweep', dependencies: ['postgres', 'blob-store', 'staging', 'image-ledger'], fastify: '5.x' })
