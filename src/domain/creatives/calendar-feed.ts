import { randomBytes } from 'node:crypto'
import { ICalCalendar } from 'ical-generator'
import { dayAfter, lastDate, type CalendarDate } from './schedule.ts'
import { hashToken, type NewToken } from '../auth/token.ts'

/** Longer than a bearer token's: a feed has no end, and its key travels in an address. */
const keyBytes = 32
const keyPattern = /^[\w-]{43}$/

/** 43 characters of base64url, and the hash that is stored. */
export function createFeedKey (): NewToken {
  const plaintext = randomBytes(keyBytes).toString('base64url')
  return { plaintext, hash: hashToken(plaintext) }
}

/** `undefined` for what cannot be a key. */
export function hashFeedKey (text: unknown): Buffer | undefined {
  return typeof text === 'string' && keyPattern.test(text) ? hashToken(text) : undefined
}

export interface FeedEntry {
  id: number
  title: string | null
  alt_text: string | null
  scheduled_at: CalendarDate
  version: number
  created_at: Date
  updated_at: Date
}

/**
 * The entries as iCalendar (RFC 5545), an all-day event each. The same entries are always the same text: without a
 * METHOD, DTSTAMP is the moment of the last change (§3.8.7.2). `host` makes their identifiers unique in the world.
 */
export function feedOf (entries: readonly FeedEntry[], host: string): string {
  const calendar = new ICalCalendar({ name: 'Cheershare', prodId: { company: 'Cheershare', product: 'Calendar', language: 'EN' } })
  for (const { id, title, alt_text: altText, scheduled_at: date, version, created_at: created, updated_at: updated } of entries) {
    calendar.createEvent({
      id: `creative-${id}@${host}`,
      // Dates as text: no zone of the process can move them.
      start: date,
      // Without it an event takes its one day (§3.6.1), and dates of five digits for the year there are none.
      ...(date === lastDate ? {} : { end: dayAfter(date) }),
      allDay: true,
      summary: title ?? `Creative ${id}`,
      description: altText,
      sequence: version,
      created,
      stamp: updated,
      lastModified: updated
    })
  }
  return calendar.toString()
}
