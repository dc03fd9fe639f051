import fp from 'fastify-plugin'
import { findTimeZone } from '../../db/accounts.ts'
import { dateIn, isCalendarDate, isTimeZone, type CalendarDate } from '../../src/domain/creatives/schedule.ts'
import { ApiError } from '../../src/http/errors.ts'

/** Whose day it is: in the zone that a request names, else the user's own, else the service's. */
export interface ScheduleDays {
  /** @throws {ApiError} CHR_TIME_ZONE_UNKNOWN */
  todayOf (userId: number, timeZone: string | undefined): Promise<CalendarDate>
  /**
   * Reads a date that a creative is for; `null` for a draft, which has none.
   * @throws {ApiError} CHR_VALIDATION, CHR_TIME_ZONE_UNKNOWN, CHR_DATE_PAST
   */
  dateOf (userId: number, text: string | undefined, timeZone: string | undefined): Promise<CalendarDate | null>
}

declare module 'fastify' {
  interface FastifyInstance { scheduleDays: ScheduleDays }
}

/** Offers `scheduleDays`. */
export default fp(async (fastify) => {
  const { db, clock, config } = fastify

  async function todayOf (userId: number, timeZone: string | undefined): Promise<CalendarDate> {
    const zone = timeZone ?? await findTimeZone(db, userId) ?? config.DEFAULT_TIME_ZONE
    if (!isTimeZone(zone)) throw new ApiError('CHR_TIME_ZONE_UNKNOWN')
    return dateIn(zone, new Date(clock.now()))
  }

  fastify.decorate('scheduleDays', {
    todayOf,

    async dateOf (userId, text, timeZone) {
      const isDraft = text === undefined || text === ''
      if (!isDraft && !isCalendarDate(text)) {
        const message = 'field "scheduled_at" must be a date of the calendar, written YYYY-MM-DD'
        throw new ApiError('CHR_VALIDATION', { message, details: [{ path: 'scheduled_at', message }] })
      }
      // A draft is asked too: a zone that does not exist is a mistake either way.
      const today = await todayOf(userId, timeZone)
      if (isDraft) return null
      if (text < today) throw new ApiError('CHR_DATE_PAST')
      return text
    }
  })
}, { name: 'schedule-days', dependencies: ['postgres'], fastify: '5.x' })
