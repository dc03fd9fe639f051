import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  // Creatives of earlier versions have no derivatives and no row in `images`. No such version was released.
  await sql`delete from creatives`.execute(db)
  await sql`drop index creatives_scheduled_at, creatives_user_id_scheduled_at`.execute(db)
  await db.schema.alterTable('creatives').dropColumn('state').alterColumn('scheduled_at', (column) => column.dropNotNull())
    .addColumn('title', 'text')
    .addColumn('alt_text', 'text')
    .addColumn('version', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('updated_at', sql`timestamp(0) with time zone`, (column) => column.notNull().defaultTo(sql`now()`))
    .addColumn('width', 'integer', (column) => column.notNull())
    .addColumn('height', 'integer', (column) => column.notNull())
    .addColumn('frame_count', 'integer', (column) => column.notNull())
    .addColumn('dominant_color', 'text', (column) => column.notNull())
    .addColumn('thumb_hash', 'text', (column) => column.notNull())
    // Kinds of metadata that were removed from the upload.
    .addColumn('removed', sql`text[]`, (column) => column.notNull())
    // SHA-256 of the uploaded file, before cleaning.
    .addColumn('source_sha256', 'bytea', (column) => column.notNull())
    // Time of the deletion; the row is purged some minutes later.
    .addColumn('deleted_at', sql`timestamp(0) with time zone`)
    // A blob of the image is missing or damaged; the creative is not listed until it is repaired.
    .addColumn('is_damaged', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute()
  // Used in this order by the list of a day, the list of one owner (with drafts) and the cascade, the duplicates, and the purge.
  await sql`create index creatives_scheduled_at on creatives (scheduled_at, id desc) where deleted_at is null`.execute(db)
  await sql`create index creatives_user_id_scheduled_at on creatives (user_id, scheduled_at, id)`.execute(db)
  await sql`create index creatives_source on creatives (user_id, source_sha256) where deleted_at is null`.execute(db)
  await sql`create index creatives_deleted_at on creatives (deleted_at) where deleted_at is not null`.execute(db)

  // The table has one row for each image whose blobs are in storage or are being put. The sweep compares it with storage.
  await db.schema.createTable('images')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'bigint', (column) => column.references('users.id').onDelete('set null'))
    .addColumn('state', 'text', (column) => column.notNull().defaultTo('pending').check(sql`state in ('pending', 'ready', 'discarded')`))
    // Share of the quota: the reservation while pending, then the size of the original.
    .addColumn('quota_bytes', 'bigint', (column) => column.notNull())
    // UTC day whose daily count includes it; null for a replacement.
    .addColumn('counted_on', 'date')
    // {original: {byte_count, sha256 (hexadecimal)}, preview: ..., thumbnail: ...} once it is ready.
    .addColumn('blobs', 'jsonb')
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    // When it entered its current state.
    .addColumn('settled_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .addColumn('scrubbed_at', 'timestamptz')
    // Result of the last scrub: the variants that are missing or differ.
    .addColumn('damage', 'text')
    .execute()
  await sql`create index images_unsettled on images (state, settled_at) where state <> 'ready'`.execute(db)
  await sql`create index images_scrub on images (scrubbed_at nulls first) where state = 'ready'`.execute(db)
  await sql`create index images_user_id on images (user_id)`.execute(db)

  // Usage of the quotas, changed in the transactions that use them.
  await db.schema.createTable('usages')
    .addColumn('user_id', 'bigint', (column) => column.primaryKey().references('users.id').onDelete('cascade'))
    .addColumn('byte_count', 'bigint', (column) => column.notNull().defaultTo(0))
    // UTC day of `creative_count`.
    .addColumn('counted_on', 'date', (column) => column.notNull())
    .addColumn('creative_count', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()

  await db.schema.createTable('idempotency_keys')
    .addColumn('user_id', 'bigint', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('key_hash', 'bytea', (column) => column.notNull())
    // SHA-256 of the upload that was sent with the key.
    .addColumn('fingerprint', 'bytea', (column) => column.notNull())
    // Null after the creative was purged; the key remains used.
    .addColumn('creative_id', 'bigint', (column) => column.references('creatives.id').onDelete('set null'))
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('idempotency_keys_pkey', ['user_id', 'key_hash'])
    .execute()
  await db.schema.createIndex('idempotency_keys_creative_id').on('idempotency_keys').column('creative_id').execute()
  await db.schema.createIndex('idempotency_keys_created_at').on('idempotency_keys').column('created_at').execute()

  // Secret addresses of calendar feeds, at most one per user.
  await db.schema.createTable('calendar_feeds')
    .addColumn('user_id', 'bigint', (column) => column.primaryKey().references('users.id').onDelete('cascade'))
    // SHA-256 of the key.
    .addColumn('hash', 'bytea', (column) => column.notNull().unique())
    .addColumn('created_at', sql`timestamp(0) with time zone`, (column) => column.notNull().defaultTo(sql`now()`))
    .execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  for (const table of ['calendar_feeds', 'idempotency_keys', 'usages', 'images']) await db.schema.dropTable(table).execute()
  await sql`drop index creatives_scheduled_at, creatives_user_id_scheduled_at, creatives_source, creatives_deleted_at`.execute(db)
  await sql`delete from creatives`.execute(db)
  const added = [
    'title', 'alt_text', 'version', 'updated_at', 'width', 'height', 'frame_count', 'dominant_color', 'thumb_hash', 'removed',
    'source_sha256', 'deleted_at', 'is_damaged'
  ]
  for (const column of added) await db.schema.alterTable('creatives').dropColumn(column).execute()
  await db.schema.alterTable('creatives')
    .addColumn('state', 'text', (column) => column.notNull().defaultTo('pending').check(sql`state in ('pending', 'ready')`))
    .alterColumn('scheduled_at', (column) => column.setNotNull()).execute()
  await sql`create index creatives_scheduled_at on creatives (scheduled_at, id desc) where state = 'ready'`.execute(db)
  await sql`create index creatives_user_id_scheduled_at on creatives (user_id, scheduled_at, id desc)`.execute(db)
}
