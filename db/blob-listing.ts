import { sql, type Kysely } from 'kysely'
import { variants, type Variant } from '../src/domain/creatives/image.ts'
import type { Database } from './schema.ts'

/** A blob in storage. */
export interface ListedBlob {
  /** Key of its image. */
  key: string
  variant: Variant
  storedAt: Date
}

/** A ready image and its variants that are missing in storage. */
export interface IncompleteImage {
  key: string
  variants: Variant[]
}

/** Compares the blobs in storage with the table of images. Every statement is bounded by a page size. */
export interface BlobListing {
  clear (): Promise<void>
  add (blobs: readonly ListedBlob[]): Promise<void>
  /** Yields pages of blobs that were stored before this moment and whose image has no row. */
  orphans (before: Date, limit: number): AsyncIterable<ListedBlob[]>
  /** Yields pages of images that became ready before this moment and lack a variant. */
  incomplete (before: Date, limit: number): AsyncIterable<IncompleteImage[]>
  /** Returns the keys of images that are marked as incomplete although all variants are in storage. */
  recovered (): Promise<string[]>
}

/** Prefix of `images.damage` for missing blobs; the names of the variants follow. */
export const missingPrefix = 'missing: '

/**
 * Creates the listing, a table without WAL. Only the holder of the lease of the sweep writes it. It is no temporary table, because a
 * pooler may send each transaction over another connection. If rows of an earlier sweep remain, or a crash of the server empties the
 * table, a sweep finds less; it confirms each missing blob in storage.
 */
export function createBlobListing (db: Kysely<Database>): BlobListing {
  return {
    async clear () {
      await sql`truncate listed_blobs`.execute(db)
    },

    async add (blobs) {
      const columns = [blobs.map(({ key }) => key), blobs.map(({ variant }) => variant), blobs.map(({ storedAt }) => storedAt)]
      await sql`insert into listed_blobs select * from unnest(${columns[0]}::text[], ${columns[1]}::text[], ${columns[2]}::timestamptz[])
        on conflict do nothing`.execute(db)
    },

    async * orphans (before, limit) {
      async function read ([key, variant]: Position): Promise<ListedBlob[]> {
        const { rows } = await sql<ListedBlob>`
          select key, variant, stored_at as "storedAt" from listed_blobs
          where (key, variant) > (${key}, ${variant}) and stored_at < ${before}
            and not exists (select from images where images.key = listed_blobs.key)
          order by key, variant limit ${limit}`.execute(db)
        return rows
      }
      yield * pages(limit, read, ({ key, variant }) => [key, variant])
    },

    async * incomplete (before, limit) {
      async function read ([after]: Position): Promise<Array<{ key: string }>> {
        const { rows } = await sql<{ key: string }>`
          select key from images where state = 'ready' and settled_at < ${before} and key > ${after}
          order by key limit ${limit}`.execute(db)
        return rows
      }
      for await (const page of pages(limit, read, ({ key }) => [key, ''])) {
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
        where state = 'ready' and starts_with(damage, ${missingPrefix})
        group by images.key having count(*) = ${variants.length}`.execute(db)
      return rows.map(({ key }) => key)
    }
  }
}

type Position = [key: string, variant: string]

/** Keyset pagination: reads page after page, each after the position of the last row. */
async function * pages<Row> (
  limit: number, read: (after: Position) => Promise<Row[]>, getPosition: (row: Row) => Position
): AsyncGenerator<Row[]> {
  let after: Position = ['', '']
  for (let rows = await read(after); rows.length > 0; rows = await read(after)) {
    yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < limit) return
    after = getPosition(last)
  }
}
