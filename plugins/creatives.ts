import type { Readable } from 'node:stream'
import fp from 'fastify-plugin'
import { findReadyCreative, listScheduledCreatives } from '../db/creatives.ts'
import type { Creative } from '../db/schema.ts'
import { publicUrlOf } from '../src/config-facts.ts'
import { createImageLinkSigner, isImageLinkValid, linkEnd } from '../src/domain/image-link.ts'
import { dateIn, dayAfter, type CalendarDate } from '../src/domain/schedule.ts'
import { ApiError } from '../src/errors.ts'
import type { CreativeLinks } from '../src/replies.ts'

export interface ScheduleRequest {
  viewerId: number
  timeZone: string | undefined
  isOwnOnly: boolean
  limitPerDate: number
}

export interface ImageRequest {
  creativeId: number
  /** From the link's query. */
  link: { expires: number, signature: string } | undefined
  /** `undefined` for the anonymous. */
  viewerId: number | undefined
}

/** The rules of creatives: who sees them, and how their images are reached. */
export interface Creatives {
  listScheduled (request: ScheduleRequest): Promise<{ today: Creative[], tomorrow: Creative[] }>
  /** @throws {ApiError} CHR_UNAUTHENTICATED without a link or a user; CHR_NOT_FOUND for what is not theirs to see */
  openImage (request: ImageRequest): Promise<{ creative: Creative, stream: Readable, byteCount: number }>
  /** A signed address of the image that ends within two hours; only for those who may see the creative. */
  linkTo (creative: Creative): string
  linksTo (creative: Creative): CreativeLinks
}

declare module 'fastify' {
  interface FastifyInstance { creatives: Creatives }
}

/** Offers `creatives`. */
export default fp(async (fastify) => {
  const { db, blobs, scheduleDays, secrets: { keyring }, clock, config, log } = fastify
  const publicUrl = publicUrlOf(config)
  const isShared = config.SCHEDULE_VISIBILITY === 'shared'
  const signer = createImageLinkSigner(keyring)

  function mayOpen (creative: Creative, { viewerId, link }: ImageRequest): boolean {
    const { id, sha256, user_id: ownerId, scheduled_at: date } = creative
    if (link !== undefined) return isImageLinkValid(keyring, { creativeId: id, sha256, expires: link.expires }, link.signature, clock.now())
    if (ownerId === viewerId) return true
    return isShared && date !== null && isDue(date, clock.now())
  }

  function linkTo ({ id, sha256 }: Creative): string {
    const expires = linkEnd(clock.now())
    return `${publicUrl}/creatives/${id}/image?expires=${expires}&signature=${signer.sign({ creativeId: id, sha256, expires })}`
  }

  fastify.decorate('creatives', {
    async listScheduled ({ viewerId, timeZone, isOwnOnly, limitPerDate }) {
      const today = await scheduleDays.todayOf(viewerId, timeZone)
      const ownerId = isOwnOnly || !isShared ? viewerId : undefined
      const listed = await listScheduledCreatives(db, { dates: [today, dayAfter(today)], ownerId, limitPerDate })
      return {
        today: listed.filter((creative) => creative.scheduled_at === today),
        tomorrow: listed.filter((creative) => creative.scheduled_at !== today)
      }
    },

    async openImage (request) {
      if (request.viewerId === undefined && request.link === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
      const creative = await findReadyCreative(db, request.creativeId)
      if (creative === undefined || !mayOpen(creative, request)) throw new ApiError('CHR_NOT_FOUND')
      const file = await blobs.open(`${creative.creative_url}.original`)
      if (file === undefined) {
        log.error({ creativeId: creative.id }, 'the image of a creative is missing')
        throw new ApiError('CHR_NOT_FOUND')
      }
      return { creative, ...file }
    },

    linkTo,

    linksTo (creative) {
      const url = linkTo(creative)
      return { url, previewUrl: url, thumbnailUrl: url }
    }
  })
}, { name: 'creatives', dependencies: ['postgres', 'blob-store', 'schedule-days', 'secrets'], fastify: '5.x' })

/** Zones lie between UTC-12 and UTC+14: the date is today or tomorrow for somebody, so somebody is shown it. */
function isDue (date: CalendarDate, nowMs: number): boolean {
  const earliest = dateIn('Etc/GMT+12', new Date(nowMs))
  const latest = dayAfter(dateIn('Etc/GMT-14', new Date(nowMs)))
  return date >= earliest && date <= latest
}
