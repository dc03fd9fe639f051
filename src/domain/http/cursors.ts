import { isCalendarDate, isTimeZone, type CalendarDate } from '../creatives/schedule.ts'

/** Cursors hold no secret and grant no access: a forged one returns what a request without a cursor could return. */
const encode = (text: string) => Buffer.from(text).toString('base64url')
const decode = (cursor: string) => Buffer.from(cursor, 'base64url').toString()

/** The last creative of a page of a list by date. */
export interface DatedPosition {
  /** `null` for a draft. */
  date: CalendarDate | null
  id: number
}

export function encodeDatedCursor ({ date, id }: DatedPosition): string {
  return encode(`${date ?? 'draft'} ${id}`)
}

/** Returns `undefined` for a text that `encodeDatedCursor` did not write. */
export function decodeDatedCursor (cursor: string): DatedPosition | undefined {
  const [, date = '', id] = /^(draft|[\d-]{10}) (\d{1,16})$/.exec(decode(cursor)) ?? []
  const position = { date: date === 'draft' ? null : date, id: Number(id) }
  const isSound = (position.date === null || isCalendarDate(position.date)) &&
    Number.isSafeInteger(position.id) && encodeDatedCursor(position) === cursor
  return isSound ? position : undefined
}

/** The start of a page of the schedule. */
export interface SchedulePosition {
  /** The first page's date; it does not change if midnight passes between two pages. */
  today: CalendarDate
  /** The first page's time zone. */
  timeZone: string
  /** Exclusive upper bounds for the ids of each day; 1 if the day has no more creatives. */
  beforeToday: number
  beforeTomorrow: number
}

export function encodeScheduleCursor ({ today, timeZone, beforeToday, beforeTomorrow }: SchedulePosition): string {
  return encode(`${today} ${timeZone} ${beforeToday} ${beforeTomorrow}`)
}

/** Returns `undefined` for a text that `encodeScheduleCursor` did not write. */
export function decodeScheduleCursor (cursor: string): SchedulePosition | undefined {
  const [, today = '', timeZone = '', ...ids] = /^([\d-]{10}) ([^ ]{1,64}) (\d{1,16}) (\d{1,16})$/.exec(decode(cursor)) ?? []
  const [beforeToday = NaN, beforeTomorrow = NaN] = ids.map(Number)
  const position = { today, timeZone, beforeToday, beforeTomorrow }
  const isSound = isCalendarDate(today) && isTimeZone(timeZone) && Number.isSafeInteger(beforeToday) && Number.isSafeInteger(beforeTomorrow)
  return isSound && encodeScheduleCursor(position) === cursor ? position : undefined
}
