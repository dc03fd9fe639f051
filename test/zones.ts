import { runTap, withServices } from './support/tap.ts'

/**
 * Zones east and west of Greenwich, at half an hour, and near the date line. A date that is treated as a moment shifts in one
 * of them.
 */
const zones = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Auckland']

/** Tests of code that handles dates. */
const files = [
  'test/db/creatives.test.ts',
  'test/plugins/platform/postgres/types.test.ts',
  'test/routes/calendar.test.ts',
  'test/routes/creatives/edit.test.ts',
  'test/routes/creatives/own.test.ts',
  'test/routes/scheduled.test.ts',
  'test/routes/scheduled-days.test.ts',
  'test/routes/scheduled-pages.test.ts',
  'test/src/domain/creatives/calendar-feed.test.ts',
  'test/src/domain/creatives/schedule.test.ts'
]

/** Runs the tests of dates with each time zone of the process; the results must not depend on it. */
await withServices(async (env) => {
  let failures = 0
  for (const zone of zones) {
    process.stdout.write(`\nTZ=${zone}\n`)
    const code = await runTap(['--reporter=terse', ...files], { ...env, TZ: zone })
    if (code !== 0) failures += 1
  }
  return failures === 0 ? 0 : 1
})
