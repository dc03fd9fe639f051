import type { FastifyInstance } from 'fastify'
import { listScheduledCreatives, type ScheduledCreative } from '../../../db/schedule.ts'
import { countDays, isCalendarDate, type CalendarDate } from '../../../src/domain/creatives/schedule.ts'
import { decodeDatedCursor, encodeDatedCursor } from '../../../src/domain/http/cursors.ts'
import { fieldError } from '../../../src/http/parsers.ts'

export interface RangeRequest {
  viewerId: number
  /** First and last date, inclusive. */
  from: CalendarDate | undefined
  to: CalendarDate | undefined
  isOwnOnly: boolean
  limit: number
  cursor?: string | undefined
}

export interface CreativeRange {
  /** By date, newest first within each. */
  creatives: ScheduledCreative[]
  /** `null` on the last page. */
  nextCursor: string | null
}

/** A quarter of a year, as a calendar with three months on a page shows it. */
const maximumDays = 92

/** Creates the list of a range of dates. */
export function createRangeList ({ db, config }: FastifyInstance): (request: RangeRequest) => Promise<CreativeRange> {
  return async ({ viewerId, from, to, isOwnOnly, limit, cursor }) => {
    const range = checkRange(from, to)
    const start = cursor === undefined ? { date: range.from, id: Number.MAX_SAFE_INTEGER } : parseCursor(cursor, range)
    const ownerId = isOwnOnly || !config.creatives.isScheduleShared ? viewerId : undefined
    // One extra row tells whether there is a next page.
    const listed = await listScheduledCreatives(db, { from: start.date, beforeId: start.id, to: range.to, ownerId, limit: limit + 1 })
    const creatives = listed.slice(0, limit)
    const last = listed.length > limit ? creatives.at(-1) : undefined
    return { creatives, nextCursor: last === undefined ? null : encodeDatedCursor(last) }
  }
}

interface Range { from: CalendarDate, to: CalendarDate }

function checkRange (from: string | undefined, to: string | undefined): Range {
  for (const [name, date] of Object.entries({ from, to })) {
    if (date === undefined) throw fieldError(name, 'is required with the other end of the range')
    if (!isCalendarDate(date)) throw fieldError(name, 'must be a calendar date in the form YYYY-MM-DD')
  }
  const range = { from: String(from), to: String(to) }
  if (range.from > range.to) throw fieldError('from', 'must not be after "to"')
  if (countDays(range.from, range.to) > maximumDays) throw fieldError('to', `must be at most ${maximumDays} days from "from", both included`)
  return range
}

function parseCursor (cursor: string, { from, to }: Range) {
  const { date = null, id = 0 } = decodeDatedCursor(cursor) ?? {}
  if (date === null || date < from || date > to) throw fieldError('cursor', 'is not a next_cursor of this list')
  return { date, id }
}
