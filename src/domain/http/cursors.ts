import { isCalendarDate, isTimeZone, type CalendarDate } from '../creatives/schedule.ts'

/** Cursors hold nothing secret and nothing that is believed: whoever makes one up gets what a request without one could. */
const encode = (text: string) => Buffer.from(text).toString('base64url')
const decode = (cursor: string) => Buffer.from(cursor, 'base64url').toString()

/** The last of a page of one's own creatives; drafts have no date. */
export interface OwnPlace {
  date: CalendarDate | null
  id: number
}

export function writeOwnCursor ({ date, id }: OwnPlace): string {
  return encode(`${date ?? 'draft'} ${id}`)
}

/** `undefined` for what `writeOwnCursor` did not write. */
export function readOwnCursor (cursor: string): OwnPlace | undefined {
  const [, date = '', id] = /^(draft|[\d-]{10}) (\d{1,16})$/.exec(decode(cursor)) ?? []
  const place = { date: date === 'draft' ? null : date, id: Number(id) }
  const isSound = (place.date === null || isCalendarDate(place.date)) && Number.isSafeInteger(place.id) && writeOwnCursor(place) === cursor
  return isSound ? place : undefined
}

/** Where a page of the schedule begins. */
export interface SchedulePlace {
  /** Of the first page: it stays "today" when midnight passes between two pages. */
  today: CalendarDate
  /** As the first page was asked for it. */
  timeZone: string
  /** Pages go down from these ids; 1 where a day has no more. */
  beforeToday: number
  beforeTomorrow: number
}

export function writeScheduleCursor ({ today, timeZone, beforeToday, beforeTomorrow }: SchedulePlace): string {
  return encode(`${today} ${timeZone} ${beforeToday} ${beforeTomorrow}`)
}

/** `undefined` for what `writeScheduleCursor` did not write. */
export function readScheduleCursor (cursor: string): SchedulePlace | undefined {
  const [, today = '', timeZone = '', ...ids] = /^([\d-]{10}) ([^ ]{1,64}) (\d{1,16}) (\d{1,16})$/.exec(decode(cursor)) ?? []
  const [beforeToday = NaN, beforeTomorrow = NaN] = ids.map(Number)
  const place = { today, timeZone, beforeToday, beforeTomorrow }
  const isSound = isCalendarDate(today) && isTimeZone(timeZone) && Number.isSafeInteger(beforeToday) && Number.isSafeInteger(beforeTomorrow)
  return isSound && writeScheduleCursor(place) === cursor ? place : undefined
}
