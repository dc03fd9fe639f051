import type { FastifyInstance } from 'fastify'
import { listDueCreatives, type ScheduledCreative } from '../../../db/schedule.ts'
import { dateIn, dayAfter, isTimeZone, type CalendarDate } from '../../../src/domain/creatives/schedule.ts'
import { decodeScheduleCursor, encodeScheduleCursor, type SchedulePosition } from '../../../src/domain/http/cursors.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { fieldError } from '../../../src/http/parsers.ts'

export interface ScheduleRequest {
  viewerId: number
  timeZone?: string | undefined
  isOwnOnly: boolean
  limitPerDay: number
  cursor?: string | undefined
}

export interface DueCreatives {
  today: ScheduledCreative[]
  tomorrow: ScheduledCreative[]
  /** The two calendar dates and the time zone they were computed in. */
  dates: { today: CalendarDate, tomorrow: CalendarDate, timeZone: string }
  /** `null` on the last page. */
  nextCursor: string | null
}

/** Pages descend from an exclusive upper bound for ids: `top` is above every id, `bottom` is below every id. */
const [top, bottom] = [Number.MAX_SAFE_INTEGER, 1]
/** A client that pages across midnight may finish; a longer grace would let a cursor list days that are over. */
const midnightGraceMs = 3_600_000

/** Creates the list of today and tomorrow. */
export function createDueList ({ db, rowClock: clock, config }: FastifyInstance): (request: ScheduleRequest) => Promise<DueCreatives> {
  const isShared = config.creatives.isScheduleShared

  async function read ({ today, beforeToday, beforeTomorrow }: SchedulePosition, { viewerId, isOwnOnly, limitPerDay }: ScheduleRequest) {
    const days = [{ date: today, beforeId: beforeToday }, { date: dayAfter(today), beforeId: beforeTomorrow }]
    // One extra row per day tells whether there is a next page.
    return await listDueCreatives(db, {
      viewerId, days, ownerId: isOwnOnly || !isShared ? viewerId : undefined, limitPerDay: limitPerDay + 1
    })
  }

  /**
   * Reads the first page with the dates of `DEFAULT_TIME_ZONE`, and again only if the viewer's own zone, which comes with
   * the list, is on other dates. This saves a query for the zone.
   */
  async function readForViewer (request: ScheduleRequest) {
    const now = clock.now()
    const guess = startIn(config.creatives.defaultTimeZone, now)
    const { timeZone, creatives } = await read(guess, request)
    const position = startIn(timeZone ?? config.creatives.defaultTimeZone, now)
    return { position, creatives: position.today === guess.today ? creatives : (await read(position, request)).creatives }
  }

  async function readFrom (position: SchedulePosition, request: ScheduleRequest) {
    return { position, creatives: (await read(position, request)).creatives }
  }

  async function readPage (request: ScheduleRequest) {
    const { cursor, timeZone } = request
    if (timeZone !== undefined && !isTimeZone(timeZone)) throw new ApiError('CHR_TIME_ZONE_UNKNOWN')
    if (cursor !== undefined) return await readFrom(parseCursor(cursor, { timeZone, nowMs: clock.now() }), request)
    return timeZone === undefined ? await readForViewer(request) : await readFrom(startIn(timeZone, clock.now()), request)
  }

  return async (request) => {
    const { position, creatives } = await readPage(request)
    const { today: date, timeZone } = position
    const today = cutPage(creatives.filter((creative) => creative.date === date), request.limitPerDay)
    const tomorrow = cutPage(creatives.filter((creative) => creative.date !== date), request.limitPerDay)
    const isLast = today.before === bottom && tomorrow.before === bottom
    return {
      today: today.shown,
      tomorrow: tomorrow.shown,
      dates: { today: date, tomorrow: dayAfter(date), timeZone },
      nextCursor: isLast ? null : encodeScheduleCursor({ ...position, beforeToday: today.before, beforeTomorrow: tomorrow.before })
    }
  }
}

function startIn (timeZone: string, nowMs: number): SchedulePosition {
  return { today: dateIn(timeZone, new Date(nowMs)), timeZone, beforeToday: top, beforeTomorrow: top }
}

function parseCursor (cursor: string, { timeZone, nowMs }: { timeZone: string | undefined, nowMs: number }): SchedulePosition {
  const position = decodeScheduleCursor(cursor)
  if (position === undefined || (timeZone !== undefined && timeZone !== position.timeZone)) {
    throw fieldError('cursor', 'is not a next_cursor of this list')
  }
  const isOver = ![nowMs, nowMs - midnightGraceMs].some((moment) => dateIn(position.timeZone, new Date(moment)) === position.today)
  if (isOver) throw fieldError('cursor', 'belongs to a past day: start again without it')
  return position
}

/** Cuts one day's rows to a page; `before` is where the next page begins. */
function cutPage (listed: readonly ScheduledCreative[], limit: number) {
  const shown = listed.slice(0, limit)
  return { shown, before: listed.length > limit ? Math.min(...shown.map(({ id }) => id)) : bottom }
}
