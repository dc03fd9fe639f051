import t, { type Test } from 'tap'
import { dateAfter } from '../../src/domain/creatives/schedule.ts'
import { ask } from '../support/creatives.ts'
import { creativeRow } from '../db/creative-row.ts'
import { build, createClock, signUp } from '../support/helper.ts'

const yearSeconds = 31_536_000
const clock = createClock(Date.parse('2030-01-01T00:00:00Z'))

// Each row has a time zone, the first moment of a day and the date of that day.
const midnights = [
  ['Pacific/Kiritimati', '2030-01-09T10:00:00Z', '2030-01-10'],
  ['Asia/Kolkata', '2030-01-09T18:30:00Z', '2030-01-10'],
  ['Europe/London', '2030-01-10T00:00:00Z', '2030-01-10'],
  ['America/New_York', '2030-01-10T05:00:00Z', '2030-01-10'],
  ['Etc/GMT+12', '2030-01-10T12:00:00Z', '2030-01-10']
] as const

// Each row has the start of a day before or after a day of 23, 23.5, 24.5 or 25 hours, including days without a midnight.
const changes = [
  ['America/New_York', '2030-03-10T05:00:00Z', '2030-03-10'], ['America/New_York', '2030-03-11T04:00:00Z', '2030-03-11'],
  ['America/New_York', '2030-11-03T04:00:00Z', '2030-11-03'], ['America/New_York', '2030-11-04T05:00:00Z', '2030-11-04'],
  ['Europe/London', '2030-03-31T00:00:00Z', '2030-03-31'], ['Europe/London', '2030-10-28T00:00:00Z', '2030-10-28'],
  ['Pacific/Auckland', '2030-04-07T12:00:00Z', '2030-04-08'], ['Pacific/Auckland', '2030-09-28T12:00:00Z', '2030-09-29'],
  ['Australia/Lord_Howe', '2030-04-07T13:30:00Z', '2030-04-08'], ['Australia/Lord_Howe', '2030-10-05T13:30:00Z', '2030-10-06'],
  ['America/Santiago', '2030-09-08T04:00:00Z', '2030-09-08'], ['Africa/Cairo', '2030-04-25T22:00:00Z', '2030-04-26']
] as const

const app = await build(t, { clock, env: { TOKEN_TTL_SECONDS: String(yearSeconds), TOKEN_MAX_SECONDS: String(yearSeconds) } })
const session = await signUp(app)

async function listDates (zone: string) {
  const { scheduled_creatives: { today, tomorrow }, dates } = (await ask(app, session, `/scheduled?tz=${encodeURIComponent(zone)}`)).json()
  const toDates = (creatives: Array<{ scheduled_at: string }>) => creatives.map(({ scheduled_at: date }) => date)
  return { today: toDates(today), tomorrow: toDates(tomorrow), dates: [dates.today, dates.tomorrow] }
}

/** Checks which dates are listed and which are past, a millisecond before a day begins and at its start. */
async function checkDayStart (t: Test, zone: string, date: string): Promise<void> {
  const [before, after, later] = [dateAfter(date, -1), dateAfter(date, 1), dateAfter(date, 2)]
  await app.pg.pool.query('delete from creatives')
  for (const day of [before, date, after, later]) {
    await app.db.insertInto('creatives').values(creativeRow({
      userId: session.userId, scheduled_at: day
    })).execute()
  }
  t.same(await listDates(zone), { today: [before], tomorrow: [date], dates: [before, date] })
  t.equal(await app.schedule.parseDate(session.userId, before, zone), before)
  clock.advance(1)
  t.same(await listDates(zone), { today: [date], tomorrow: [after], dates: [date, after] })
  await t.rejects(app.schedule.parseDate(session.userId, before, zone), { code: 'CHR_DATE_PAST' })
  t.equal(await app.schedule.parseDate(session.userId, date, zone), date)
}

for (const [zone, moment, date] of [...midnights, ...changes].sort(([, one], [, other]) => Date.parse(one) - Date.parse(other))) {
  t.test(`the date in ${zone} changes to ${date} at ${moment}, and tomorrow is the next date`, async (t) => {
    clock.advance(Date.parse(moment) - 1 - clock.now())
    await checkDayStart(t, zone, date)
  })
}

t.test('tomorrow is the next date, not 24 hours later, when clocks change', async (t) => {
  // The moments are 22:30 before a day of 23 hours and 00:30 of a day of 25 hours.
  for (const [moment, today] of [['2031-03-09T03:30:00Z', '2031-03-08'], ['2031-11-02T04:30:00Z', '2031-11-02']] as const) {
    clock.advance(Date.parse(moment) - clock.now())
    const { dates } = await app.schedule.list({ viewerId: session.userId, timeZone: 'America/New_York', isOwnOnly: true, limitPerDay: 1 })
    t.match(dates, { today, tomorrow: dateAfter(today, 1) }, `tomorrow is the next date at ${moment}`)
  }
})
