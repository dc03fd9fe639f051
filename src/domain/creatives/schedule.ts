/** A calendar date, `YYYY-MM-DD`. It is not a moment: which moments belong to it depends on the time zone. */
export type CalendarDate = string

/** The last date with a year of four digits. */
export const lastDate: CalendarDate = '9999-12-31'

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/

/** True for a date that exists, in the form `YYYY-MM-DD`. Rejects 2026-02-30, `tomorrow` and `infinity`. */
export function isCalendarDate (text: string): text is CalendarDate {
  const [, year, month, day] = datePattern.exec(text) ?? []
  if (year === undefined || year === '0000') return false
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  return date.toISOString().slice(0, 10) === text
}

const formatters = new Map<string, Intl.DateTimeFormat>()
/** The cache is bounded because zone names are case-insensitive, so callers can spell one zone in many ways. */
const maximumCachedZones = 1000

function findFormatter (zone: string): Intl.DateTimeFormat | undefined {
  const known = formatters.get(zone)
  if (known !== undefined) return known
  // Intl also accepts offsets such as +05:30, which are not zones because they have no daylight saving time.
  if (!/^[A-Za-z]/.test(zone)) return undefined
  try {
    const formatter = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
    if (formatters.size >= maximumCachedZones) formatters.clear()
    formatters.set(zone, formatter)
    return formatter
  } catch {
    return undefined
  }
}

/** True for an IANA time zone name, such as `Asia/Kolkata`. */
export function isTimeZone (text: string): boolean {
  return findFormatter(text) !== undefined
}

/**
 * Returns the calendar date in a zone at a moment.
 * @throws {RangeError} if the zone is unknown; check `isTimeZone` first
 */
export function dateIn (zone: string, moment: Date): CalendarDate {
  const formatter = findFormatter(zone)
  if (formatter === undefined) throw new RangeError(`unknown time zone: ${zone}`)
  return formatter.format(moment)
}

/** Adds calendar days, which may be negative. Adding hours would be wrong when the clocks change. */
export function dateAfter (date: CalendarDate, days: number): CalendarDate {
  const other = new Date(`${date}T00:00:00Z`)
  other.setUTCDate(other.getUTCDate() + days)
  return other.toISOString().slice(0, 10)
}

/** Returns the next calendar date. */
export function dayAfter (date: CalendarDate): CalendarDate {
  return dateAfter(date, 1)
}

/** Returns the number of days from the first to the last date, both included. */
export function countDays (first: CalendarDate, last: CalendarDate): number {
  return (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1
}

/** True if the date is today or tomorrow in any time zone. Zones lie between UTC-12 and UTC+14. */
export function isDue (date: CalendarDate, moment: Date): boolean {
  return date >= dateIn('Etc/GMT+12', moment) && date <= dayAfter(dateIn('Etc/GMT-14', moment))
}

interface Scheduled {
  user_id: number
  scheduled_at: CalendarDate | null
}

/** True for the owner; for others, true if the schedule is shared and the creative is due in any time zone. */
export function isVisible (
  { user_id: ownerId, scheduled_at: date }: Scheduled, { viewerId, isShared, now }: { viewerId: number, isShared: boolean, now: Date }
): boolean {
  return ownerId === viewerId || (isShared && date !== null && isDue(date, now))
}
