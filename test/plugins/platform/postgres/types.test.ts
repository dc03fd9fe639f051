import { sql } from 'kysely'
import t from 'tap'
import { build } from '../../../support/helper.ts'

t.test('values have the expected JavaScript types', async (t) => {
  const { db } = await build(t)
  const { rows } = await sql`
    select date '2026-03-29' as date, bigint '9007199254740991' as big, 7 as small, now() as moment, bytea '\\x00ff' as bytes, null::date as nothing`.execute(db)
  t.match(rows[0], {
    date: '2026-03-29', big: 9_007_199_254_740_991, small: 7, moment: Date, bytes: Buffer.from([0, 255]), nothing: null
  })
})
