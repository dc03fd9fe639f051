import { randomBytes } from 'node:crypto'
import { ICalCalendar } from 'ical-generator'
import { hashToken, type NewToken } from '../auth/token.ts'
import { dayAfter, lastDate, type CalendarDate } from './schedule.ts'

/** Longer than a bearer token, because a feed does not expire and its key is part of a URL. */
const keyBytes = 32
const keyPattern = /^[\w-]{43}$/

/** Creates a key of 43 base64url characters, and the hash to store. */
export function createFeedKey (): NewToken {
  const plaintext = randomBytes(keyBytes).toString('base64url')
  return { plaintext, hash: hashToken(plaintext) }
}

/** Hashes a key; returns `undefined` for a value that cannot be a key. */
export function hashFeedKey (text: unknown): Buffer | undefined {
  return typeof text === 'string' && keyPattern.test(text) ? hashToken(text) : undefined
}

/** Path and query of a feed. */
export function feedPath (key: string): string {
  return `/calendar.ics?key=${key}`
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
 * Writes the entries as all-day events in iCalendar (RFC 5545). Equal entries give equal text, because without METHOD the
 * DTSTAMP is the moment of the last change (§3.8.7.2). `host` makes the identifiers globally unique.
 */
export function writeFeed (entries: readonly FeedEntry[], host: string): string {
  const calendar = new ICalCalendar({ name: 'Cheershare', prodId: { company: 'Cheershare', product: 'Calendar', language: 'EN' } })
  for (const { id, title, alt_text: altText, scheduled_at: date, version, created_at: created, updated_at: updated } of entries) {
    calendar.createEvent({
      id: `creative-${id}@${host}`,
      // Dates are passed as text, so that the time zone of the process does not matter.
      start: date,
      // An event without an end lasts one day (§3.6.1). `lastDate` has no next date with a year of four digits.
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
