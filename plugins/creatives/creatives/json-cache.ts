import fp from 'fastify-plugin'
import { findCreatives, type CreativeView } from '../../../db/creative-views.ts'
import { linkEnd } from '../../../src/domain/creatives/image-link.ts'
import { creativeReply } from '../../../src/http/serializers.ts'

/** A creative as it is at a version. */
export interface VersionedCreative { id: number, version: number }

/** Creatives as they stand in answers. */
export interface CreativeTexts {
  /**
   * JSON of each creative in its turn, as `CreativeReply`. What was written for a version is kept, for a version never
   * changes: a list that everybody asks for costs one look at which versions are due. One that was changed meanwhile
   * comes as it is now, one that was deleted not at all.
   */
  of (listed: readonly VersionedCreative[]): Promise<string[]>
}

declare module 'fastify' {
  interface FastifyInstance { creativeTexts: CreativeTexts }
}

interface Text {
  version: number
  /** Unix seconds: of its links. */
  end: number
  json: string
}

/** Some 15 MB, and more than the lists of a day show. */
const maximumKept = 10_000

/** Offers `creativeTexts`. */
export default fp(async (fastify) => {
  const { db, creativeImages, clock } = fastify
  const kept = new Map<number, Text>()

  function write (creative: CreativeView, end: number): string {
    const json = JSON.stringify(creativeReply(creative, creativeImages.linksTo(creative)))
    if (kept.size >= maximumKept) kept.clear()
    kept.set(creative.id, { version: creative.version, end, json })
    return json
  }

  fastify.decorate('creativeTexts', {
    async of (listed) {
      const end = linkEnd(clock.now())
      const texts = new Map<number, string>()
      const unknown: number[] = []
      for (const { id, version } of listed) {
        const text = kept.get(id)
        if (text?.version === version && text.end === end) texts.set(id, text.json)
        else unknown.push(id)
      }
      if (unknown.length > 0) {
        for (const creative of await findCreatives(db, unknown)) texts.set(creative.id, write(creative, end))
      }
      return listed.flatMap(({ id }) => texts.get(id) ?? [])
    }
  })
}, { name: 'creative-texts', dependencies: ['postgres', 'creative-images'], fastify: '5.x' })
