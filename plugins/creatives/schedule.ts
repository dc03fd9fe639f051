import fp from 'fastify-plugin'
import { listDueCreatives, type DueCreative } from '../../db/creative-views.ts'
import { readScheduleCursor, writeScheduleCursor, type SchedulePlace } from '../../src/domain/http/cursors.ts'
import { dateIn, dayAfter, isTimeZone, type CalendarDate } from '../../src/domain/creatives/schedule.ts'
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
  /** Which days these are, and whose. */
  dates: { today: CalendarDate, tomorrow: CalendarDate, timeZone: string }
  /** `null` on the last page. */
  nextCursor: string | null
}

/** What is due, for those who may see it. */
export interface Schedule {
  /**
   * Today and tomorrow, the newest first, in the zone of the request, else the viewer's, else the service's.
   * @throws {ApiError} CHR_TIME_ZONE_UNKNOWN, CHR_VALIDATION
   */
  list (request: ScheduleRequest): Promise<DueCreatives>
}

declare module 'fastify' {
  interface FastifyInstance { schedule: Schedule }
}

/** Pages go down from an id: above all there are, and below them all. */
const [top, bottom] = [Number.MAX_SAFE_INTEGER, 1]
/** Somebody who pages at midnight may come to the end; for longer, and a cursor would open days that are over. */
const midnightGraceMs = 3_600_000

/** Offers `schedule`. */
export default fp(async (fastify) => {
  const { db, clock, config } = fastify
  const isShared = config.SCHEDULE_VISIBILITY === 'shared'

  async function read ({ today, beforeToday, beforeTomorrow }: SchedulePlace, { viewerId, isOwnOnly, limitPerDay }: ScheduleRequest) {
    const days = [{ date: today, beforeId: beforeToday }, { date: dayAfter(today), beforeId: beforeTomorrow }]
    // One more than is shown tells whether there is a next page.
    return await listDueCreatives(db, { viewerId, days, ownerId: isOwnOnly || !isShared ? viewerId : undefined, limitPerDay: limitPerDay + 1 })
  }

  /** The viewer's zone comes with the list: it is read for the service's, and again only where the dates differ. */
  async function readForViewer (request: ScheduleRequest) {
    const now = clock.now()
    const guess = startIn(config.DEFAULT_TIME_ZONE, now)
    const { timeZone, creatives } = await read(guess, request)
    const place = startIn(timeZone ?? config.DEFAULT_TIME_ZONE, now)
    return { place, creatives: place.today === guess.today ? creatives : (await read(place, request)).creatives }
  }

  async function readFrom (place: SchedulePlace, request: ScheduleRequest) {
    return { place, creatives: (await read(place, request)).creatives }
  }

  async function readPage (request: ScheduleRequest) {
    const { cursor, timeZone } = request
    if (timeZone !== undefined && !isTimeZone(timeZone)) throw new ApiError('CHR_TIME_ZONE_UNKNOWN')
    if (cursor !== undefined) return await readFrom(placeOf(cursor, { timeZone, nowMs: clock.now() }), request)
    return timeZone === undefined ? await readForViewer(request) : await readFrom(startIn(timeZone, clock.now()), request)
  }

  fastify.decorate('schedule', {
    async list (request) {
      const { place, creatives } = await readPage(request)
      const { today: date, timeZone } = place
      const today = pageOf(creatives.filter((creative) => creative.date === date), request.limitPerDay)
      const tomorrow = pageOf(creatives.filter((creative) => creative.date !== date), request.limitPerDay)
      const isLast = today.before === bottom && tomorrow.before === bottom
      return {
        today: today.shown,
        tomorrow: tomorrow.shown,
        dates: { today: date, tomorrow: dayAfter(date), timeZone },
        nextCursor: isLast ? null : writeScheduleCursor({ ...place, beforeToday: today.before, beforeTomorrow: tomorrow.before })
      }
    }
  })
}, { name: 'schedule', dependencies: ['postgres'], fastify: '5.x' })

function startIn (timeZone: string, nowMs: number): SchedulePlace {
  return { today: dateIn(timeZone, new Date(nowMs)), timeZone, beforeToday: top, beforeTomorrow: top }
}

function placeOf (cursor: string, { timeZone, nowMs }: { timeZone: string | undefined, nowMs: number }): SchedulePlace {
  const place = readScheduleCursor(cursor)
  if (place === undefined || (timeZone !== undefined && timeZone !== place.timeZone)) {
    throw fieldError('cursor', 'is not the next_cursor of an answer to this request')
  }
  const isOver = ![nowMs, nowMs - midnightGraceMs].some((moment) => dateIn(place.timeZone, new Date(moment)) === place.today)
  if (isOver) throw fieldError('cursor', 'belongs to a day that is over: start again without it')
  return place
}

function pageOf (listed: readonly DueCreative[], limit: number) {
  const shown = listed.slice(0, limit)
  return { shown, before: listed.length > limit ? Math.min(...shown.map(({ id }) => id)) : bottom }
}
