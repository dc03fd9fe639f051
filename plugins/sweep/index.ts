import fp from 'fastify-plugin'
import { withBlobListing } from '../../db/blob-listing.ts'
import type { Sweep } from './contract.ts'
import { settleListing } from './listing.ts'
import { settleUnsettled } from './unsettled.ts'

export type { Sweep, SweepOptions, SweepReport } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { sweep: Sweep }
}

/** Offers `sweep` and runs it every SWEEP_SECONDS. Close ends it after the step under way. */
export default fp(async (fastify) => {
  const { db, staging, clock, config, log } = fastify
  const closing = new AbortController()
  let underWay: Promise<unknown> | undefined

  const run: Sweep['run'] = async ({ isDryRun = false, graceSeconds = config.SWEEP_GRACE_SECONDS, maximumDeletions = config.SWEEP_MAXIMUM_DELETIONS } = {}) => {
    const task = { before: new Date(clock.now() - graceSeconds * 1000), isDryRun, maximumDeletions, signal: closing.signal }
    return await withBlobListing(db, async (listing) => {
      const stagedFiles = isDryRun ? await staging.countAbandoned(task.before) : await staging.removeAbandoned(task.before)
      return { stagedFiles, ...await settleUnsettled(fastify, task), ...await settleListing(fastify, listing, task) }
    })
  }

  async function runPeriodically (): Promise<void> {
    const report = await run()
    if (report === undefined) return
    const { isOverCap, incompleteImages } = report
    if (isOverCap) log.error(report, 'storage has more blobs that belong to no image than may be deleted: is this the database that belongs to it?')
    else if (incompleteImages > 0) log.error(report, 'images lack blobs; their creatives are not shown')
    else if (Object.values(report).some(Boolean)) log.info(report, 'swept')
  }

  const timer = config.SWEEP_SECONDS === 0
    ? undefined
    : setInterval(() => {
      underWay ??= runPeriodically().catch((error: unknown) => { log.warn({ err: error }, 'the sweep did not come to its end') })
        .finally(() => { underWay = undefined })
    }, config.SWEEP_SECONDS * 1000).unref()

  fastify.decorate('sweep', { run })
  fastify.addHook('preClose', async () => {
    closing.abort()
    clearInterval(timer)
  })
  fastify.addHook('onClose', async () => { await underWay })
}, { name: 'sweep', dependencies: ['postgres', 'blob-store', 'staging', 'image-ledger'], fastify: '5.x' })
