import fp from 'fastify-plugin'
import { findTimeZone } from '../../db/users.ts'
import { listDueCreatives, type DueCreative } from '../../db/creatives.ts'
import { dateIn, dayAfter, isCalendarDate, isTimeZone, type CalendarDate } from '../../src/domain/creatives/schedule.ts'
import { decodeScheduleCursor, encodeScheduleCursor, type SchedulePosition } from '../../src/domain/http/cursors.ts'
import { ApiError } from '../../src/http/errors.ts'
import { fieldError } from '../../src/http/parsers.ts'

export interface ScheduleRequest {
  viewerId: number
  timeZone?: string | undefined
  isOwnOnly: boolean
  limitPerDay: number
  cursor?: string | undefined
}

export interface DueCreatives {
  today: DueCreative[]
  tomorrow: DueCreative[]
  /** The two calendar dates and the time zone they were computed in. */
  dates: { today: CalendarDate, tomorrow: CalendarDate, timeZone: string }
  /** `null` on the last page. */
  nextCursor: string | null
}

/** Calendar dates of creatives. "Today" is that of the request's time zone, else the user's, else `DEFAULT_TIME_ZONE`. */
export interface Schedule {
  /** True if signed-in users see the scheduled creatives of other users (`SCHEDULE_VISIBILITY`). */
  readonly isShared: boolean
  /**
   * Lists the creatives of today and tomorrow, newest first.
   * @throws {ApiError} CHR_TIME_ZONE_UNKNOWN, CHR_VALIDATION
   */
  list (request: ScheduleRequest): Promise<DueCreatives>
  /**
   * Parses the date of a creative; an absent or empty text means a draft, which is `null`.
   * @throws {ApiError} CHR_VALIDATION, CHR_TIME_ZONE_UNKNOWN, CHR_DATE_PAST
   */
  parseDate (userId: number, text: string | undefined, timeZone: string | undefined): Promise<CalendarDate | null>
}

declare module 'fastify' {
  interface FastifyInstance { schedule: Schedule }
}

/** Pages descend from an exclusive upper bound for ids: `top` is above every id, `bottom` is below every id. */
const [top, bottom] = [Number.MAX_SAFE_INTEGER, 1]
/** A client that pages across midnight may finish; a longer grace would let a cursor list days that are over. */
const midnightGraceMs = 3_600_000

/** Lists the creatives of today and tomorrow, and parses the dates of creatives. */
export default fp(async (fastify) => {
  const { db, rowClock: clock, config } = fastify
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

  async function findToday (userId: number, timeZone: string | undefined): Promise<CalendarDate> {
    const zone = timeZone ?? await findTimeZone(db, userId) ?? config.creatives.defaultTimeZone
    if (!isTimeZone(zone)) throw new ApiError('CHR_TIME_ZONE_UNKNOWN')
    return dateIn(zone, new Date(clock.now()))
  }

  fastify.decorate('schedule', {
    isShared,

    async list (request) {
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
    },

    async parseDate (userId, text, timeZone) {
      const isDraft = text === undefined || text === ''
      if (!isDraft && !isCalendarDate(text)) throw fieldError('scheduled_at', 'must be a calendar date in the form YYYY-MM-DD')
      // An unknown time zone is refused for a draft too.
      const today = await findToday(userId, timeZone)
      if (isDraft) return null
      if (text < today) throw new ApiError('CHR_DATE_PAST')
      return text
    }
  })
}, { name: 'schedule', dependencies: ['postgres'], fastify: '5.x' })

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
function cutPage (listed: readonly DueCreative[], limit: number) {
  const shown = listed.slice(0, limit)
  return { shown, before: listed.length > limit ? Math.min(...shown.map(({ id }) => id)) : bottom }
}
