import type { FastifyInstance } from 'fastify'
import type { BlobListing, IncompleteImage, ListedBlob } from '../../../db/blob-listing.ts'
import { describeMissing, markDamage } from '../../../db/sweeps.ts'
import type { BlobInfo } from '../../platform/blob-store/contract.ts'
import { partsOfKey } from '../../../src/domain/creatives/blob-key.ts'
import type { SweepReport } from './contract.ts'
import { pageSize, type SweepTask } from './task.ts'

/** Clocks of storages differ from ours; what they stored in our future is listed too. */
const aheadMs = 86_400_000

/** Compares what storage has with what the ledger says, and settles the difference. */
export async function settleListing (
  { blobs, db, clock }: FastifyInstance, listing: BlobListing, task: SweepTask
): Promise<Pick<SweepReport, 'orphanedBlobs' | 'isOverCap' | 'incompleteImages' | 'recoveredImages'>> {
  const { before, isDryRun, maximumDeletions, signal } = task

  async function list (): Promise<void> {
    let page: ListedBlob[] = []
    for await (const blob of blobs.listOlderThan(new Date(clock.now() + aheadMs))) {
      signal?.throwIfAborted()
      page.push(partsOf(blob))
      if (page.length < pageSize) continue
      await listing.add(page)
      page = []
    }
    await listing.add(page)
  }

  /** At most one more than may be deleted. */
  async function findOrphans (): Promise<ListedBlob[]> {
    const found: ListedBlob[] = []
    for await (const page of listing.orphans(before, pageSize)) {
      found.push(...page)
      if (found.length > maximumDeletions) break
    }
    return found
  }

  /** Storage may have listed too little: each is asked for again. */
  async function isLost ({ key, variants: listed }: IncompleteImage): Promise<boolean> {
    const heads = await Promise.all(listed.map(async (variant) => await blobs.head(`${key}.${variant}`)))
    return heads.includes(undefined)
  }

  async function settleIncomplete (): Promise<number> {
    let count = 0
    for await (const page of listing.incomplete(before, pageSize)) {
      for (const image of page) {
        signal?.throwIfAborted()
        if (!await isLost(image)) continue
        if (!isDryRun) await markDamage(db, image.key, describeMissing(image.variants))
        count += 1
      }
    }
    return count
  }

  await list()
  const orphans = await findOrphans()
  const isOverCap = orphans.length > maximumDeletions
  if (!isOverCap && !isDryRun) for (const { key, variant } of orphans) await blobs.delete(`${key}.${variant}`)
  const recovered = await listing.recovered()
  if (!isDryRun) for (const key of recovered) await markDamage(db, key, null)
  return { orphanedBlobs: isOverCap ? 0 : orphans.length, isOverCap, incompleteImages: await settleIncomplete(), recoveredImages: recovered.length }
}

function partsOf ({ key, storedAt }: BlobInfo): ListedBlob {
  const { image, variant } = partsOfKey(key)
  return { key: image, variant, storedAt }
}
