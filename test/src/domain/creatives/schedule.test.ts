import t from 'tap'
import { dateAfter, dateIn, dayAfter, isCalendarDate, isDue, isTimeZone } from '../../../../src/domain/creatives/schedule.ts'

t.test('existing dates are calendar dates', async (t) => {
  for (const text of ['2026-02-28', '2024-02-29', '2000-02-29', '2026-12-31', '0001-01-01', '0050-06-15', '9999-12-31']) {
    t.ok(isCalendarDate(text), text)
  }
})

t.test('other texts are not calendar dates', async (t) => {
  const texts = [
    '', 'tomorrow', 'today', 'infinity', '-infinity', 'now', 'null', '2026-02-30', '2026-02-29', '1900-02-29', '2026-04-31', '2026-13-01',
    '2026-00-10', '2026-01-00', '2026-01-32', '0000-01-01', '2026-1-1', '26-01-01', '02026-01-01', '12026-01-01', '2026/01/01',
    '01-02-2026', '20260101', '2026-01-01T00:00:00Z', ' 2026-01-01', '2026-01-01 ', '2026-01-01\n', '-2026-01-01',
    '२०२६-०१-०१', '2026-W01-1', '2026-001'
  ]
  for (const text of texts) t.notOk(isCalendarDate(text), JSON.stringify(text))
})

t.test('IANA names in upper or lower case are time zones; offsets and unknown names are not', async (t) => {
  for (const zone of [
    'UTC', 'Asia/Kolkata', 'asia/KOLKATA', 'Asia/Calcutta', 'America/Argentina/Ushuaia', 'Etc/GMT+12', 'Pacific/Kiritimati'
  ]) {
    t.ok(isTimeZone(zone), zone)
  }
  for (const text of [
    '', ' ', '+05:30', '-08:00', '05:30', 'Mars/Olympus', 'Asia', 'Asia/', '../etc/passwd', 'UTC\0', 'UTC; drop table users'
  ]) {
    t.notOk(isTimeZone(text), JSON.stringify(text))
  }
})

t.test('the same moment has different dates in different zones', async (t) => {
  const moment = new Date('2026-03-01T11:00:00Z')
  const dates = {
    'Etc/GMT+12': '2026-02-28',
    UTC: '2026-03-01',
    'Asia/Kolkata': '2026-03-01',
    'Pacific/Auckland': '2026-03-02',
    'Pacific/Kiritimati': '2026-03-02'
  }
  for (const [zone, date] of Object.entries(dates)) t.equal(dateIn(zone, moment), date, zone)
  t.throws(() => dateIn('Mars/Olympus', moment), new RangeError('unknown time zone: Mars/Olympus'))
})

t.test('a date ends at midnight of its zone, also on days of 23 and 25 hours', async (t) => {
  // [zone, first moment of the date, the date, its length in hours]
  const days: Array<[string, string, string, number]> = [
    ['Asia/Kolkata', '2026-03-07T18:30:00Z', '2026-03-08', 24],
    ['America/New_York', '2026-03-08T05:00:00Z', '2026-03-08', 23],
    ['America/New_York', '2026-11-01T04:00:00Z', '2026-11-01', 25],
    ['Europe/London', '2026-03-29T00:00:00Z', '2026-03-29', 23],
    ['Europe/London', '2026-10-24T23:00:00Z', '2026-10-25', 25],
    ['Pacific/Auckland', '2026-09-26T12:00:00Z', '2026-09-27', 23],
    ['Pacific/Auckland', '2026-04-04T11:00:00Z', '2026-04-05', 25],
    ['Australia/Lord_Howe', '2026-10-03T13:30:00Z', '2026-10-04', 23.5],
    ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-05', 24.5],
    // The clocks of these zones skip midnight, so the day begins at one o'clock.
    ['Africa/Cairo', '2024-04-25T22:00:00Z', '2024-04-26', 23],
    ['America/Santiago', '2026-09-06T04:00:00Z', '2026-09-06', 23],
    ['America/Havana', '2026-03-08T05:00:00Z', '2026-03-08', 23],
    // In this zone the hour before midnight occurs twice.
    ['America/Santiago', '2026-04-04T03:00:00Z', '2026-04-04', 25]
  ]
  for (const [zone, start, date, hours] of days) {
    const first = Date.parse(start)
    const last = first + hours * 3_600_000 - 1
    t.equal(dayAfter(dateIn(zone, new Date(first - 1))), date, `${zone}: the last moment before ${date}`)
    t.equal(dateIn(zone, new Date(first)), date, `${zone}: the first moment of ${date}`)
    t.equal(dateIn(zone, new Date(last)), date, `${zone}: the last moment of ${date}`)
    t.equal(dateIn(zone, new Date(last + 1)), dayAfter(date), `${zone}: the first moment after ${date}`)
  }
})

t.test('dayAfter returns the next date', async (t) => {
  const days = {
    '2026-01-01': '2026-01-02',
    '2026-02-28': '2026-03-01',
    '2024-02-28': '2024-02-29',
    '2024-02-29': '2024-03-01',
    '2026-12-31': '2027-01-01'
  }
  for (const [date, next] of Object.entries(days)) t.equal(dayAfter(date), next, date)
})

t.test('adding days to a date is independent of changes of the clocks', async (t) => {
  const rows = [
    ['2026-03-08', 1, '2026-03-09'],
    ['2026-03-10', -60, '2026-01-09'],
    ['2024-03-01', -1, '2024-02-29'],
    ['2026-01-01', 0, '2026-01-01'],
    ['2026-12-31', 366, '2028-01-01']
  ] as const
  for (const [date, days, other] of rows) t.equal(dateAfter(date, days), other)
})

t.test('a date is due while it is today or tomorrow in a zone between UTC-12 and UTC+14', async (t) => {
  // [date, first moment on Kiritimati of the day before, last moment on Baker Island]
  const first = Date.parse('2030-01-08T10:00:00Z')
  const last = Date.parse('2030-01-11T12:00:00Z')
  for (const [moment, due] of [[first - 1, false], [first, true], [last - 1, true], [last, false]] as const) {
    t.equal(isDue('2030-01-10', new Date(moment)), due, new Date(moment).toISOString())
  }
})

t.test('many spellings of a zone all give the same date', async (t) => {
  const name = 'america/new_york'
  const moment = new Date('2026-07-01T03:59:59Z')
  for (let index = 0; index < 4096; index++) {
    const spelling = [...name].map((letter, at) => index & (1 << at) ? letter.toUpperCase() : letter).join('')
    if (dateIn(spelling, moment) !== '2026-06-30') t.fail(spelling)
  }
  t.equal(dateIn('UTC', moment), '2026-07-01')
})
