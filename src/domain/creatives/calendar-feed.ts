import { randomBytes } from 'node:crypto'
import { escape, foldLines, ICalCalendar, ICalEvent, ICalEventBusyStatus, ICalEventTransparency } from 'ical-generator'
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

/** The dates next to those of a feed that has no room for all entries. */
export interface OmittedDates {
  /** Date of the newest entry that is older than those of the feed; undefined if the feed has all past entries. */
  until?: CalendarDate | undefined
  /** Date of the earliest entry that is later than those of the feed; undefined if the feed has all future entries. */
  from?: CalendarDate | undefined
}

export interface FeedOptions {
  /** Makes the identifiers of events globally unique. */
  host: string
  omitted?: OmittedDates
}

/** Calendar programs refresh a feed in this interval if they follow RFC 7986 or Microsoft's X-PUBLISHED-TTL. */
const refreshSeconds = 3600

/**
 * Writes the entries as all-day events in iCalendar (RFC 5545). The events do not make a person busy. Equal entries give equal
 * text, because without METHOD the DTSTAMP is the moment of the last change (§3.8.7.2). A COMMENT names the omitted dates. Each part is
 * the beginning, an event or the end, so that a caller can pause between them.
 */
export function * writeFeed (entries: readonly FeedEntry[], { host, omitted = {} }: FeedOptions): Generator<string, void> {
  const calendar = new ICalCalendar({
    name: 'Cheershare', prodId: { company: 'Cheershare', product: 'Calendar', language: 'EN' }, ttl: refreshSeconds
  })
  const frame = insertComment(calendar.toString(), describeOmitted(omitted))
  const end = frame.lastIndexOf('END:VCALENDAR')
  yield frame.slice(0, end)
  for (const { id, title, alt_text: altText, scheduled_at: date, version, created_at: created, updated_at: updated } of entries) {
    const event = new ICalEvent({
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
      lastModified: updated,
      transparency: ICalEventTransparency.TRANSPARENT,
      busystatus: ICalEventBusyStatus.FREE
    }, calendar)
    yield foldLines(event.toString())
  }
  yield frame.slice(end)
}

function describeOmitted ({ until, from }: OmittedDates): string | undefined {
  const dates = [until && `until ${until}`, from && `from ${from} on`].filter((part) => part !== undefined)
  return dates.length === 0 ? undefined : `Creatives are omitted ${dates.join(' and ')}, because a feed has a maximum of events.`
}

/** Properties of the calendar precede its components (RFC 5545 §3.6). The library writes no COMMENT for a calendar. */
function insertComment (text: string, comment: string | undefined): string {
  if (comment === undefined) return text
  const [first = '', ...rest] = text.split('\r\n')
  return [first, foldLines(`COMMENT:${escape(comment, false)}`), ...rest].join('\r\n')
}
