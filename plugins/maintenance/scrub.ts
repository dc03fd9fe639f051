import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { claimImageToScrub, describeMissing, markDamage, type ImageToScrub } from '../../db/maintenance.ts'
import { variants, type Variant } from '../../src/domain/creatives/image.ts'
import { repeatEvery } from '../../src/process/periodic.ts'

/** Each image is scrubbed once per 30 days. */
const intervalMs = 30 * 86_400_000

type Capabilities = Pick<FastifyInstance, 'db' | 'blobs' | 'clock' | 'log'>

/**
 * Hashes the stored blobs of one image that is due, and marks and logs missing or changed ones.
 * @returns false if no image is due
 */
export async function scrubNextImage ({ db, blobs, clock, log }: Capabilities): Promise<boolean> {
  const now = clock.now()
  const image = await claimImageToScrub(db, { before: new Date(now - intervalMs), now: new Date(now) })
  if (image === undefined) return false
  const { key } = image
  const damage = await findDamage(blobs, image)
  if (damage === image.damage) return true
  await markDamage(db, key, damage)
  if (damage === null) log.info({ key }, 'a damaged image is intact again')
  else log.error({ key, damage }, 'a stored image is damaged; its creative is not shown')
  return true
}

async function findDamage (blobs: FastifyInstance['blobs'], { key, blobs: stored }: ImageToScrub): Promise<string | null> {
  const missing: Variant[] = []
  const differing: Variant[] = []
  // Variants are read one after the other, to leave disk and network to requests.
  for (const variant of variants) {
    const sha256 = await hashBlob(blobs, key, variant)
    if (sha256 === undefined) missing.push(variant)
    else if (sha256 !== stored[variant].sha256) differing.push(variant)
  }
  if (missing.length > 0) return describeMissing(missing)
  return differing.length > 0 ? `differs: ${differing.join(', ')}` : null
}

async function hashBlob (blobs: FastifyInstance['blobs'], key: string, variant: Variant): Promise<string | undefined> {
  const blob = await blobs.open(`${key}.${variant}`)
  if (blob === undefined) return undefined
  const hash = createHash('sha256')
  await pipeline(blob.stream, hash)
  return hash.digest('hex')
}

/** Scrubs one image every SCRUB_SECONDS. Close waits for the current image. */
export default fp(async (fastify) => {
  const { scrubSeconds: seconds } = fastify.config.maintenance
  if (seconds === 0) return
  repeatEvery(fastify, {
    everyMs: seconds * 1000, run: async () => await scrubNextImage(fastify), failure: 'a stored image could not be scrubbed'
  })
}, { name: 'scrub', dependencies: ['postgres', 'blob-store'], fastify: '5.x' })
