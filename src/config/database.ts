import { flag, integer, list, optionalFlag, optionalText, validateUrl } from './parsers.ts'
import type { ValuesOf } from './setting.ts'

export const databaseSettings = {
  url: optionalText('DATABASE_URL', '`postgres://...`; embedded PostgreSQL when unset', validateUrl(['postgres:', 'postgresql:'])),
  migrateOnStart: optionalFlag(
    'MIGRATE_ON_START', 'Migrate the schema at start: `on` or `off`; when unset, on with embedded PostgreSQL and off otherwise'
  ),
  isPrepared: flag(
    'DATABASE_PREPARED',
    true,
    'Prepare statements and send time limits at the start of each connection; `off` for a pooler in transaction mode, such as PgBouncer'
  ),
  poolSize: integer(
    'DATABASE_POOL_SIZE',
    17,
    'All PostgreSQL connections of a process: one probes the server, the others serve requests',
    { minimum: 3, maximum: 1000 }
  )
}

export const redisSettings = {
  urls: list(
    'REDIS_URL',
    '`redis://...`; several, comma-separated, mean a Redis Cluster; in-process stores when unset',
    validateUrl(['redis:', 'rediss:'])
  )
}

export interface DatabaseConfig extends Omit<ValuesOf<typeof databaseSettings>, 'migrateOnStart'> {
  /** The start applies pending migrations if true, and fails because of them otherwise. */
  migratesOnStart: boolean
}

export function deriveDatabase ({ migrateOnStart, ...values }: ValuesOf<typeof databaseSettings>): DatabaseConfig {
  return { ...values, migratesOnStart: migrateOnStart ?? values.url === undefined }
}

export type RedisConfig = ValuesOf<typeof redisSettings>
