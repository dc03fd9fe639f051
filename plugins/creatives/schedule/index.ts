import fp from 'fastify-plugin'
import { findTimeZone } from '../../../db/users.ts'
import { dateIn, isCalendarDate, isTimeZone, type CalendarDate } from '../../../src/domain/creatives/schedule.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { fieldError } from '../../../src/http/parsers.ts'
import { createDueList, type DueCreatives, type ScheduleRequest } from './due.ts'
import { createRangeList, type CreativeRange, type RangeRequest } from './range.ts'

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
   * Lists the creatives of at most 92 days: by date, newest first within each. The dates need no time zone.
   * @throws {ApiError} CHR_VALIDATION
   */
  listRange (request: RangeRequest): Promise<CreativeRange>
  /**
   * Parses the date of a creative; an absent or empty text means a draft, which is `null`.
   * @throws {ApiError} CHR_VALIDATION, CHR_TIME_ZONE_UNKNOWN, CHR_DATE_PAST
   */
  parseDate (userId: number, text: string | undefined, timeZone: string | undefined): Promise<CalendarDate | null>
}

declare module 'fastify' {
  interface FastifyInstance { schedule: Schedule }
}

/** Lists creatives by date, and parses the dates of creatives. */
export default fp(async (fastify) => {
  const { db, rowClock: clock, config } = fastify

  async function findToday (userId: number, timeZone: string | undefined): Promise<CalendarDate> {
    const zone = timeZone ?? await findTimeZone(db, userId) ?? config.creatives.defaultTimeZone
    if (!isTimeZone(zone)) throw new ApiError('CHR_TIME_ZONE_UNKNOWN')
    return dateIn(zone, new Date(clock.now()))
  }

  fastify.decorate('schedule', {
    isShared: config.creatives.isScheduleShared,
    list: createDueList(fastify),
    listRange: createRangeList(fastify),

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
