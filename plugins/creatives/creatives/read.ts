import type { FastifyInstance } from 'fastify'
import { findCreative, findCreatives, listOwnCreatives, type CreativeView, type OwnQuery } from '../../../db/creatives.ts'
import { isCalendarDate, isVisible } from '../../../src/domain/creatives/schedule.ts'
import { decodeDatedCursor, encodeDatedCursor } from '../../../src/domain/http/cursors.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { fieldError } from '../../../src/http/parsers.ts'

export interface OwnRequest extends Omit<OwnQuery, 'after' | 'drafts'> {
  /** Default: `include` without dates, `exclude` with dates, because a draft has no date. */
  drafts?: OwnQuery['drafts'] | undefined
  cursor?: string | undefined
}

export interface CreativeReading {
  /** @throws {ApiError} CHR_NOT_FOUND if the creative does not exist or the viewer may not see it */
  get (creativeId: number, viewerId: number): Promise<CreativeView>
  /** Returns the creatives with these ids in any order, without deleted ones. It does not check who may see them. */
  findMany (ids: readonly number[]): Promise<CreativeView[]>
  /**
   * Lists a user's own creatives: drafts first, then by date, latest first; newest first within each. `nextCursor` is
   * `null` on the last page.
   * @throws {ApiError} CHR_VALIDATION
   */
  listOwn (request: OwnRequest): Promise<{ creatives: CreativeView[], nextCursor: string | null }>
}

export function createReading ({ db, rowClock: clock, schedule }: FastifyInstance): CreativeReading {
  return {
    async get (creativeId, viewerId) {
      const creative = await findCreative(db, creativeId)
      const viewer = { viewerId, isShared: schedule.isShared, now: new Date(clock.now()) }
      if (creative === undefined || !isVisible(creative, viewer)) throw new ApiError('CHR_NOT_FOUND')
      return creative
    },

    findMany: async (ids) => await findCreatives(db, ids),

    async listOwn ({ ownerId, from, to, drafts = from === undefined && to === undefined ? 'include' : 'exclude', limit, cursor }) {
      checkDates({ from, to })
      const after = cursor === undefined ? undefined : parseCursor(cursor)
      // One extra row tells whether there is a next page.
      const listed = await listOwnCreatives(db, { ownerId, from, to, drafts, after, limit: limit + 1 })
      const creatives = listed.slice(0, limit)
      const last = listed.length > limit ? creatives.at(-1) : undefined
      return { creatives, nextCursor: last === undefined ? null : encodeDatedCursor({ date: last.scheduled_at, id: last.id }) }
    }
  }
}

function checkDates (dates: { from: string | undefined, to: string | undefined }): void {
  for (const [name, date] of Object.entries(dates)) {
    if (date !== undefined && !isCalendarDate(date)) throw fieldError(name, 'must be a calendar date in the form YYYY-MM-DD')
  }
  const { from, to } = dates
  if (from !== undefined && to !== undefined && from > to) throw fieldError('from', 'must not be after "to"')
}

function parseCursor (cursor: string) {
  const position = decodeDatedCursor(cursor)
  if (position === undefined) throw fieldError('cursor', 'is not a next_cursor of this list')
  return position
}
