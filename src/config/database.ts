import { flag, integer, text, optional, optionalFlag, optionalText, validateUrl } from './parsers.ts'
import { parseRedisUrls, readPem, splitRedisUrls } from './redis-url.ts'
import { SettingError, type Rule, type Setting, type ValuesOf } from './setting.ts'

export const databaseSettings = {
  url: optionalText('DATABASE_URL', '`postgres://...`; embedded PostgreSQL when unset', validateUrl(['postgres:', 'postgresql:'])),
  schema: text(
    'DATABASE_SCHEMA',
    'public',
    'Schema of all tables, which is created if it is missing; the `search_path` of the role applies to `public`. As a plugin: `cheershare`',
    (name) => /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(name) ? undefined : ' is not a name of lower-case letters, digits and underscores'
  ),
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

const urlsName = 'REDIS_URL'

const urls: Setting<readonly string[]> = {
  name: urlsName,
  description:
    '`redis://...`; several, comma-separated, mean a Redis Cluster; `redis+sentinel://host:port,host:port/name` asks sentinels; ' +
    '`rediss:` and `rediss+sentinel:` encrypt; in-process stores when unset',
  initial: undefined,
  parse (text = '') {
    const parsed = splitRedisUrls(text)
    if (parsed.length > 0) explain(urlsName, () => parseRedisUrls(parsed))
    return parsed
  }
}

export const redisSettings = {
  urls,
  ca: pem('REDIS_CA', 'certificates of the authorities that sign the certificate of Redis'),
  cert: pem('REDIS_CERT', 'client certificate for Redis'),
  key: pem('REDIS_KEY', 'private key of REDIS_CERT'),
  allowsEviction: flag(
    'REDIS_ALLOW_EVICTION', false, 'Start in production although the `maxmemory-policy` of Redis may delete live codes and queued SMS'
  )
}

type RedisValues = ValuesOf<typeof redisSettings>

const certificates = [redisSettings.ca, redisSettings.cert, redisSettings.key]

/** Checks of the certificates, which need an encrypted connection and each other. */
export const redisRules: Array<Rule<RedisValues>> = [
  {
    settings: [urls],
    check: ({ urls: [first] }, isUnset) => certificates.filter((setting) => !isUnset(setting) && first?.startsWith('rediss') !== true)
      .map(({ name }) => `${name} has no effect, because REDIS_URL does not begin with rediss: or rediss+sentinel:`)
  },
  {
    settings: [redisSettings.cert, redisSettings.key],
    check: (_values, isUnset) => isUnset(redisSettings.cert) === isUnset(redisSettings.key)
      ? []
      : ['REDIS_CERT and REDIS_KEY belong together, and one of them is missing']
  }
]

/** Creates the setting of a PEM text, which may be in a file. */
function pem (name: string, what: string): Setting<string | undefined> {
  return optional(name, `Path of a PEM file, or its text: ${what}`, (text) => explain(name, () => readPem(text)))
}

/** Turns a failure of a parser into the problem of a setting. */
function explain<Value> (name: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    throw new SettingError([`${name} ${(error as Error).message}`])
  }
}

export interface DatabaseConfig extends Omit<ValuesOf<typeof databaseSettings>, 'migrateOnStart'> {
  /** The start applies pending migrations if true, and fails because of them otherwise. */
  migratesOnStart: boolean
}

export function deriveDatabase ({ migrateOnStart, ...values }: ValuesOf<typeof databaseSettings>): DatabaseConfig {
  return { ...values, migratesOnStart: migrateOnStart ?? values.url === undefined }
}

export type RedisConfig = RedisValues
