import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Database } from '../../db/schema.ts'
import { registerWithTokens, type Registration } from '../../db/registrations.ts'
import { typeParsers } from '../../plugins/platform/postgres/types.ts'
import { dateIn } from '../../src/domain/creatives/schedule.ts'
import { authenticationScope, createToken } from '../../src/domain/auth/token.ts'

export interface SeededUser {
  phone: string
  token: string
}

const userCount = 1000
const dueCount = 100
/** Creatives of other days, which must not slow a list down. */
const otherCount = 100_000
const dayMs = 86_400_000

/** All of +91 98 are mobile numbers. */
const phoneOf = (number: number) => `+9198${String(number).padStart(8, '0')}`

/** Lower numbers belong to the seeded users. */
let nextNumber = 1_000_000

/** Returns a mobile number that no user has. */
export const createPhone = () => phoneOf(nextNumber++)

function createRegistration (phoneNumber: string, hash: Buffer): Registration {
  const now = Date.now()
  const expiry = new Date(now + dayMs)
  const token = {
    hash,
    scope: authenticationScope,
    createdAt: new Date(now),
    expiry,
    finalExpiry: new Date(now + 30 * dayMs),
    userAgent: null,
    address: null
  }
  const device = { hash: createToken().hash, expiry }
  return { challengeHash: createToken().hash, phoneNumber, name: 'Asha', token, device, isTest: false, sessionsEpoch: 0 }
}

/** Creates users with a token each, and creatives: 50 due today, 50 due tomorrow, and many that are not due. */
export async function seed (databaseUrl: string): Promise<SeededUser[]> {
  const pool = new pg.Pool({ connectionString: databaseUrl, types: typeParsers, max: 16 })
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  try {
    const users = Array.from({ length: userCount }, (_, index) => ({ phone: phoneOf(index), ...createToken() }))
    const [first] = await registerWithTokens(db, users.map(({ phone, hash }) => createRegistration(phone, hash)))
    const owner = first?.id ?? 0
    await addCreatives(db, { owner, key: 'due', count: dueCount, day: 'n % 2' })
    await addCreatives(db, { owner, key: 'other', count: otherCount, day: '2 + n % 365' })
    await sql`vacuum analyze`.execute(db)
    return users.map(({ phone, plaintext }) => ({ phone, token: plaintext }))
  } finally {
    await db.destroy()
  }
}

/** Adds creatives that are not due until their total number is `total`. */
export async function grow (databaseUrl: string, total: number): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 })
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  try {
    const { owner, count } = await db.selectFrom('creatives').select(({ fn }) => [
      fn.min('user_id').as('owner'), fn.countAll<number>().as('count')
    ]).executeTakeFirstOrThrow()
    await addCreatives(db, { owner, key: 'grown', count: total - Number(count), day: '2 + n % 365' })
    await sql`vacuum analyze`.execute(db)
  } finally {
    await db.destroy()
  }
}

/** `day` is an SQL expression of the number `n` of the creative: days from today. */
async function addCreatives (
  db: Kysely<Database>, { owner, key, count, day }: { owner: number, key: string, count: number, day: string }
): Promise<void> {
  await sql`insert into creatives (user_id, creative_url, scheduled_at, content_type, byte_count, sha256, source_sha256, width, height, frame_count,
      dominant_color, thumb_hash, removed)
    select ${owner}, ${key} || '-' || n, ${dateIn('UTC', new Date())}::date + (${sql.raw(day)})::integer, 'image/jpeg', 2097152, hash, hash, 2400, 1600, 1,
      '#808080', 'HBkSHYSIeHiPiHh8eJd4eTN0EEQG', '{}'
    from generate_series(1, ${sql.lit(count)}::integer) as n, sha256(n::text::bytea) as hash`.execute(db)
}
