import { sql, type Kysely } from 'kysely'
import { variants, type Variant } from '../src/domain/creatives/image.ts'
import type { Database } from './schema.ts'

/** A blob that storage has. */
export interface ListedBlob {
  /** Of its image. */
  key: string
  variant: Variant
  storedAt: Date
}

/** An image whose row says that it is stored, and the variants that storage lacks. */
export interface IncompleteImage {
  key: string
  variants: Variant[]
}

/** What storage has, beside what the ledger says. Every statement is bounded, however much there is. */
export interface BlobListing {
  add (blobs: readonly ListedBlob[]): Promise<void>
  /** Blobs stored before a moment whose image has no row at all, a page at a time. */
  orphans (before: Date, limit: number): AsyncIterable<ListedBlob[]>
  /** Images ready since before a moment of which something is missing, a page at a time. */
  incomplete (before: Date, limit: number): AsyncIterable<IncompleteImage[]>
  /** Images marked as lacking something that storage has whole. */
  recovered (): Promise<string[]>
}

/** Prefix of `images.damage` for what is missing; the rest of it names the variants. */
export const missing = 'missing: '

/** Any number that no other advisory lock of the database has; these are the first letters of what it is for. */
const lock = 0x63_68_72_73

/**
 * Runs work with an empty listing, in a table that only this connection sees and that ends with the work; `undefined`
 * where another instance is at it.
 */
export async function withBlobListing<T> (db: Kysely<Database>, work: (listing: BlobListing) => Promise<T>): Promise<T | undefined> {
  return await db.connection().execute(async (connection) => {
    const { rows: [taken] } = await sql<{ taken: boolean }>`select pg_try_advisory_lock(${lock}) as taken`.execute(connection)
    if (taken?.taken !== true) return undefined
    try {
      await sql`create temporary table listed_blobs (key text, variant text, stored_at timestamptz, primary key (key, variant))`.execute(connection)
      return await work(createListing(connection))
    } finally {
      await sql`drop table if exists listed_blobs`.execute(connection)
      await sql`select pg_advisory_unlock(${lock})`.execute(connection)
    }
  })
}

function createListing (db: Kysely<Database>): BlobListing {
  return {
    async add (blobs) {
      const columns = [blobs.map(({ key }) => key), blobs.map(({ variant }) => variant), blobs.map(({ storedAt }) => storedAt)]
      await sql`insert into listed_blobs select * from unnest(${columns[0]}::text[], ${columns[1]}::text[], ${columns[2]}::timestamptz[])
        on conflict do nothing`.execute(db)
    },

    async * orphans (before, limit) {
      yield * pages(limit, async ([key, variant]) => (await sql<ListedBlob>`
        select key, variant, stored_at as "storedAt" from listed_blobs
        where (key, variant) > (${key}, ${variant}) and stored_at < ${before} and not exists (select from images where images.key = listed_blobs.key)
        order by key, variant limit ${limit}`.execute(db)).rows, ({ key, variant }) => [key, variant])
    },

    async * incomplete (before, limit) {
      const ready = pages(limit, async ([after]) => (await sql<{ key: string }>`
        select key from images where state = 'ready' and settled_at < ${before} and key > ${after} order by key limit ${limit}`.execute(db)).rows, ({ key }) => [key, ''])
      for await (const page of ready) {
        const { rows } = await sql<IncompleteImage>`
          select images.key, array_agg(expected.variant order by expected.variant) as variants
          from unnest(${page.map(({ key }) => key)}::text[]) as images (key)
            cross join unnest(${variants}::text[]) as expected (variant)
            left join listed_blobs as listed on listed.key = images.key and listed.variant = expected.variant
          where listed.key is null group by images.key`.execute(db)
        if (rows.length > 0) yield rows
      }
    },

    async recovered () {
      const { rows } = await sql<{ key: string }>`
        select images.key from images join listed_blobs using (key)
        where state = 'ready' and starts_with(damage, ${missing}) group by images.key having count(*) = ${variants.length}`.execute(db)
      return rows.map(({ key }) => key)
    }
  }
}

type Place = [key: string, variant: string]

async function * pages<Row> (limit: number, read: (after: Place) => Promise<Row[]>, placeOf: (row: Row) => Place): AsyncGenerator<Row[]> {
  let after: Place = ['', '']
  for (let rows = await read(after); rows.length > 0; rows = await read(after)) {
    yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < limit) return
    after = placeOf(last)
  }
}
