import type { FastifyInstance } from 'fastify'
import type { ScheduledCreative } from '../../db/schedule.ts'
import { linkEnd } from '../domain/creatives/image-link.ts'
import { creativeData, ownership } from './serializers.ts'

export interface CreativeJsonCache {
  /**
   * Returns the JSON (`CreativeReply`) of each creative for a viewer, in the order of the list. A creative that was changed since it was
   * listed has its current state; a deleted one is left out.
   */
  read (listed: ReadonlyArray<Omit<ScheduledCreative, 'date'>>, viewerId: number): Promise<string[]>
}

interface Entry {
  version: number
  /** Unix seconds at which its links expire. */
  linkEnd: number
  /** JSON of what all viewers see, without its last brace. */
  json: string
}

/** About 15 MB, and more than the lists of a day show. A full cache is cleared. */
const maximumEntries = 10_000

/**
 * Creates a cache of serialized creatives. It gains the query of all columns, the signing of links, and their serialization
 * for each creative of a list, because a version never changes: a list then needs only ids, versions and owners. To measure it,
 * compare `npm run bench` (scheduled list) with `maximumEntries` set to 0.
 */
export function createCreativeJsonCache ({ creatives, clock }: Pick<FastifyInstance, 'creatives' | 'clock'>): CreativeJsonCache {
  const entries = new Map<number, Entry>()

  function store (creative: Awaited<ReturnType<typeof creatives.get>>, end: number): string {
    const json = JSON.stringify(creativeData(creative, creatives.linksTo(creative))).slice(0, -1)
    if (entries.size >= maximumEntries) entries.clear()
    entries.set(creative.id, { version: creative.version, linkEnd: end, json })
    return json
  }

  return {
    async read (listed, viewerId) {
      const end = linkEnd(clock.now())
      const found = new Map<number, string>()
      const missing: number[] = []
      for (const { id, version } of listed) {
        const entry = entries.get(id)
        if (entry?.version === version && entry.linkEnd === end) found.set(id, entry.json)
        else missing.push(id)
      }
      if (missing.length > 0) {
        for (const creative of await creatives.findMany(missing)) found.set(creative.id, store(creative, end))
      }
      const ownerships = new Map<number, string>()
      for (const { userId, ownerName } of listed) {
        if (!ownerships.has(userId)) ownerships.set(userId, JSON.stringify(ownership({ user_id: userId, owner_name: ownerName }, viewerId)).slice(1))
      }
      return listed.flatMap(({ id, userId }) => {
        const json = found.get(id)
        return json === undefined ? [] : `${json},${ownerships.get(userId)}`
      })
    }
  }
}
