import type { FastifyInstance } from 'fastify'
import { createBlobListing, type IncompleteImage, type ListedBlob } from '../../../db/blob-listing.ts'
import { describeMissing, markDamage } from '../../../db/maintenance.ts'
import { parseKey } from '../../../src/domain/creatives/blob-key.ts'
import type { BlobInfo } from '../../platform/blob-store/contract.ts'
import { pageSize, type SweepReport, type SweepTask } from './contract.ts'

/** The clock of the storage may be ahead of ours by this much; blobs from that future are listed too. */
const aheadMs = 86_400_000

/** Lists all blobs, deletes orphans, and marks images as incomplete or recovered. */
export async function reconcileBlobs (
  { blobs, db, clock }: FastifyInstance, task: SweepTask
): Promise<Pick<SweepReport, 'orphanedBlobs' | 'isOverCap' | 'incompleteImages' | 'recoveredImages'>> {
  const { before, isDryRun, maximumDeletions, signal } = task
  const listing = createBlobListing(db)

  async function list (): Promise<void> {
    signal.throwIfAborted()
    await listing.clear()
    let page: ListedBlob[] = []
    for await (const blob of blobs.listOlderThan(new Date(clock.now() + aheadMs))) {
      signal.throwIfAborted()
      page.push(toListedBlob(blob))
      if (page.length < pageSize) continue
      await listing.add(page)
      page = []
    }
    await listing.add(page)
  }

  /** Stops after the first page that exceeds the maximum of deletions. */
  async function findOrphans (): Promise<ListedBlob[]> {
    const found: ListedBlob[] = []
    for await (const page of listing.orphans(before, pageSize)) {
      found.push(...page)
      if (found.length > maximumDeletions) break
    }
    return found
  }

  /** Confirms each missing blob, because a listing of storage may be incomplete. */
  async function isLost ({ key, variants: listed }: IncompleteImage): Promise<boolean> {
    const heads = await Promise.all(listed.map(async (variant) => await blobs.head(`${key}.${variant}`)))
    return heads.includes(undefined)
  }

  async function markIncomplete (): Promise<number> {
    let count = 0
    for await (const page of listing.incomplete(before, pageSize)) {
      for (const image of page) {
        signal.throwIfAborted()
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
  const incompleteImages = await markIncomplete()
  await listing.clear()
  return { orphanedBlobs: isOverCap ? 0 : orphans.length, isOverCap, incompleteImages, recoveredImages: recovered.length }
}

function toListedBlob ({ key, storedAt }: BlobInfo): ListedBlob {
  const { image, variant } = parseKey(key)
  return { key: image, variant, storedAt }
}
