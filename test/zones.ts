import { runTap, withServices } from './support/tap.ts'

/** East and west of Greenwich, half an hour off, and beyond the date line: where a date that is taken for a moment shows. */
const zones = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Auckland']

/** All that has to do with dates. */
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

/** Runs the tests of dates in processes whose own zone is another each time: none of them may matter. */
await withServices(async (env) => {
  let failures = 0
  for (const zone of zones) {
    process.stdout.write(`\nTZ=${zone}\n`)
    const code = await runTap(['--disable-coverage', '--reporter=terse', ...files], { ...env, TZ: zone })
    if (code !== 0) failures += 1
  }
  return failures === 0 ? 0 : 1
})
