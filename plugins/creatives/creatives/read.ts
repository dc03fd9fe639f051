import fp from 'fastify-plugin'
import { findCreative, listOwnCreatives, type CreativeView, type OwnQuery } from '../../../db/creative-views.ts'
import { readOwnCursor, writeOwnCursor } from '../../../src/domain/http/cursors.ts'
import { isCalendarDate } from '../../../src/domain/creatives/schedule.ts'
import { isVisible } from '../../../src/domain/creatives/visibility.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { fieldError } from '../../../src/http/parsers.ts'

export interface OwnRequest extends Omit<OwnQuery, 'after' | 'drafts'> {
  /** Without it drafts are listed where no dates are asked for, since a draft has none. */
  drafts?: OwnQuery['drafts'] | undefined
  cursor?: string | undefined
}

/** Creatives, for those who may see them. */
export interface CreativeViews {
  /** @throws {ApiError} CHR_NOT_FOUND for what is not theirs to see */
  get (creativeId: number, viewerId: number): Promise<CreativeView>
  /**
   * One's own: drafts first, then the latest date first; within both the newest first. `nextCursor` is `null` on the last page.
   * @throws {ApiError} CHR_VALIDATION
   */
  listOwn (request: OwnRequest): Promise<{ creatives: CreativeView[], nextCursor: string | null }>
}

declare module 'fastify' {
  interface FastifyInstance { creativeViews: CreativeViews }
}

/** Offers `creativeViews`. */
export default fp(async (fastify) => {
  const { db, clock, config } = fastify
  const isShared = config.SCHEDULE_VISIBILITY === 'shared'

  fastify.decorate('creativeViews', {
    async get (creativeId, viewerId) {
      const creative = await findCreative(db, creativeId)
      const viewer = { viewerId, isShared, now: new Date(clock.now()) }
      if (creative === undefined || !isVisible(creative, viewer)) throw new ApiError('CHR_NOT_FOUND')
      return creative
    },

    async listOwn ({ ownerId, from, to, drafts = from === undefined && to === undefined ? 'include' : 'exclude', limit, cursor }) {
      checkDates({ from, to })
      const after = cursor === undefined ? undefined : placeOf(cursor)
      // One more than is shown tells whether there is a next page.
      const listed = await listOwnCreatives(db, { ownerId, from, to, drafts, after, limit: limit + 1 })
      const creatives = listed.slice(0, limit)
      const last = listed.length > limit ? creatives.at(-1) : undefined
      return { creatives, nextCursor: last === undefined ? null : writeOwnCursor({ date: last.scheduled_at, id: last.id }) }
    }
  })
}, { name: 'creative-views', dependencies: ['postgres'], fastify: '5.x' })

function checkDates (dates: { from: string | undefined, to: string | undefined }): void {
  for (const [name, date] of Object.entries(dates)) {
    if (date !== undefined && !isCalendarDate(date)) throw fieldError(name, 'must be a date of the calendar, written YYYY-MM-DD')
  }
  const { from, to } = dates
  if (from !== undefined && to !== undefined && from > to) throw fieldError('from', 'must not lie after "to"')
}

function placeOf (cursor: string) {
  const place = readOwnCursor(cursor)
  if (place === undefined) throw fieldError('cursor', 'is not the next_cursor of an answer to this request')
  return place
}
