/** A calendar date, `YYYY-MM-DD`. Never a moment: which moments belong to it depends on the zone. */
export type CalendarDate = string

/** No later one can be written with four digits for the year. */
export const lastDate: CalendarDate = '9999-12-31'

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/

/** A date that exists in the calendar, written `YYYY-MM-DD`. 2026-02-30, `tomorrow` and `infinity` are none. */
export function isCalendarDate (text: string): text is CalendarDate {
  const [, year, month, day] = datePattern.exec(text) ?? []
  if (year === undefined || year === '0000') return false
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  return date.toISOString().slice(0, 10) === text
}

const formatters = new Map<string, Intl.DateTimeFormat>()
/** Zone names count without regard to case, so callers can write one zone in many ways. */
const maximumCachedZones = 1000

function formatterOf (zone: string): Intl.DateTimeFormat | undefined {
  const known = formatters.get(zone)
  if (known !== undefined) return known
  // Offsets such as +05:30 also pass Intl but are no zones: they know no summer time.
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

/** An IANA time zone name, such as `Asia/Kolkata`. */
export function isTimeZone (text: string): boolean {
  return formatterOf(text) !== undefined
}

/**
 * The calendar date in a zone at a moment.
 * @throws {RangeError} when the zone is unknown; ask `isTimeZone` first
 */
export function dateIn (zone: string, moment: Date): CalendarDate {
  const formatter = formatterOf(zone)
  if (formatter === undefined) throw new RangeError(`unknown time zone: ${zone}`)
  return formatter.format(moment)
}

/** So many calendar dates on, or back: never by hours, which are wrong twice a year where clocks change. */
export function dateAfter (date: CalendarDate, days: number): CalendarDate {
  const other = new Date(`${date}T00:00:00Z`)
  other.setUTCDate(other.getUTCDate() + days)
  return other.toISOString().slice(0, 10)
}

/** The next calendar date. */
export function dayAfter (date: CalendarDate): CalendarDate {
  return dateAfter(date, 1)
}

/** Zones lie between UTC-12 and UTC+14: whether the date is today or tomorrow for somebody. */
export function isDue (date: CalendarDate, moment: Date): boolean {
  return date >= dateIn('Etc/GMT+12', moment) && date <= dayAfter(dateIn('Etc/GMT-14', moment))
}
