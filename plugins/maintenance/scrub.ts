import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import fp from 'fastify-plugin'
import { describeMissing, markDamage, takeImageToScrub, type ImageToScrub } from '../../db/sweeps.ts'
import { variants, type Variant } from '../../src/domain/creatives/image.ts'
import { repeatEvery } from '../../src/process/periodic.ts'

export interface Scrub {
  /** Looks at one image that is due; false where none is. */
  next (): Promise<boolean>
}

declare module 'fastify' {
  interface FastifyInstance { scrub: Scrub }
}

/** Each image once a month. */
const everyMs = 30 * 86_400_000

/**
 * Offers `scrub`, which hashes stored blobs anew, one image each SCRUB_SECONDS, and marks and logs what differs from
 * what was stored or is missing. Close ends it after the image under way.
 */
export default fp(async (fastify) => {
  const { db, blobs, clock, config, log } = fastify

  async function stateOf (key: string, variant: Variant, sha256: string): Promise<'whole' | 'missing' | 'differs'> {
    const blob = await blobs.open(`${key}.${variant}`)
    if (blob === undefined) return 'missing'
    const hash = createHash('sha256')
    await pipeline(blob.stream, hash)
    return hash.digest('hex') === sha256 ? 'whole' : 'differs'
  }

  async function damageOf ({ key, blobs: stored }: ImageToScrub): Promise<string | null> {
    const missing: Variant[] = []
    const differing: Variant[] = []
    // One after the other: it has time, and requests have none.
    for (const variant of variants) {
      const state = await stateOf(key, variant, stored[variant].sha256)
      if (state === 'missing') missing.push(variant)
      if (state === 'differs') differing.push(variant)
    }
    if (missing.length > 0) return describeMissing(missing)
    return differing.length > 0 ? `differs: ${differing.join(', ')}` : null
  }

  async function next (): Promise<boolean> {
    const now = clock.now()
    const image = await takeImageToScrub(db, { before: new Date(now - everyMs), now: new Date(now) })
    if (image === undefined) return false
    const { key } = image
    const damage = await damageOf(image)
    if (damage === image.damage) return true
    await markDamage(db, key, damage)
    if (damage === null) log.info({ key }, 'a damaged image is whole again')
    else log.error({ key, damage }, 'a stored image is damaged; its creative is not shown')
    return true
  }

  fastify.decorate('scrub', { next })
  if (config.SCRUB_SECONDS === 0) return
  repeatEvery(fastify, { everyMs: config.SCRUB_SECONDS * 1000, run: next, failure: 'a stored image could not be looked at' })
}, { name: 'scrub', dependencies: ['postgres', 'blob-store'], fastify: '5.x' })
