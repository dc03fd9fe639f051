import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { insertCreative } from '../../db/creatives.ts'
import type { Database } from '../../db/schema.ts'
import { registerWithToken } from '../../db/users.ts'
import { typeParsers } from '../../plugins/postgres/types.ts'
import { dateIn, dayAfter } from '../../src/domain/schedule.ts'
import { authenticationScope, createToken } from '../../src/domain/token.ts'
import { creativeRow } from '../db/creative-row.ts'

export interface SeededUser {
  phone: string
  token: string
}

const userCount = 1000
const dueCount = 100
/** Creatives of other days, which a list must not pay for. */
const otherCount = 100_000
const dayMs = 86_400_000

/** All of +91 98 are mobile numbers. */
export const phoneOf = (number: number) => `+9198${String(number).padStart(8, '0')}`

/** Users with a token each, and creatives: 50 due today, 50 due tomorrow, and many that are not due. */
export async function seed (databaseUrl: string): Promise<SeededUser[]> {
  const pool = new pg.Pool({ connectionString: databaseUrl, types: typeParsers, max: 16 })
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  try {
    const users = await Promise.all(Array.from({ length: userCount }, async (_, index) => {
      const phone = phoneOf(index)
      const { plaintext, hash } = createToken()
      const now = Date.now()
      const token = {
        hash,
        scope: authenticationScope,
        createdAt: new Date(now),
        expiry: new Date(now + dayMs),
        finalExpiry: new Date(now + 30 * dayMs),
        userAgent: null,
        address: null
      }
      const device = { hash: createToken().hash, expiry: token.expiry }
      const user = await registerWithToken(db, { phoneNumber: phone, name: 'Asha', token, device, isTest: false, sessionsEpoch: 0 })
      return { phone, token: plaintext, id: user?.id ?? 0 }
    }))
    const today = dateIn('UTC', new Date())
    const owner = users[0]?.id ?? 0
    for (let index = 0; index < dueCount; index++) await insertCreative(db, creativeRow({ userId: owner, scheduled_at: index % 2 === 0 ? today : dayAfter(today) }))
    await sql`insert into creatives (user_id, creative_url, scheduled_at, content_type, byte_count, sha256, source_sha256, width, height, frame_count, dominant_color, thumb_hash, removed)
      select ${owner}, 'other-' || n, ${today}::date + 2 + n % 365, 'image/png', 2097152, sha256(n::text::bytea), sha256(n::text::bytea),
        1600, 1200, 1, '#3366cc', '3OcRJYB4d3h/iIeHeEh3eIhw+j3A', '{exif,gps}'
      from generate_series(1, ${sql.lit(otherCount)}) as n`.execute(db)
    await sql`vacuum analyze`.execute(db)
    return users.map(({ phone, token }) => ({ phone, token }))
  } finally {
    await db.destroy()
  }
}
