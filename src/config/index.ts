import { Ajv, type ErrorObject } from 'ajv'
import { Type, type Static } from '@sinclair/typebox'
import { listOf } from './derived.ts'
import { choice, limit, optional, seconds } from './fields.ts'
import { providerFields, providerNames } from './sms-providers.ts'
import { refusals, type Role } from './validation.ts'
import { readSmsTexts } from './sms-texts.ts'

/** Every environment variable the service reads, with its default and meaning. No other file holds a default. */
export const ConfigSchema = Type.Object({
  NODE_ENV: Type.String({ default: 'development', description: '`production` refuses every embedded default' }),
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on' }),
  PORT: Type.Integer({ default: 4000, minimum: 0, maximum: 65535, description: 'Port to listen on' }),
  WORKER_PORT: Type.Optional(Type.Integer({
    minimum: 0, maximum: 65535, description: 'Port of `npm run worker` for `/health` and `/metrics`, on HOST; a worker listens nowhere when unset'
  })),
  PUBLIC_URL: optional('Base of the URLs handed out; from HOST and PORT when unset'),
  DATABASE_URL: optional('`postgres://...`; embedded PostgreSQL when unset'),
  REDIS_URL: optional('`redis://...`; several, comma-separated, mean a Redis Cluster; in-process stores when unset'),
  APP_SECRET: optional('32 characters or more; several, comma-separated: the first makes, all check; generated in DATA_DIR when unset'),
  PHONE_HASH_SECRET: optional('32 characters or more, for keyed hashes of phone numbers, never rotated; generated in DATA_DIR when unset'),
  DATA_DIR: Type.String({ default: '.data', description: 'Embedded state: database, secrets, uploads' }),
  STORAGE_URL: optional('Where images are kept: `file:/path` or `s3://bucket/prefix?endpoint=&region=&path_style=`; under DATA_DIR when unset'),
  AWS_ACCESS_KEY_ID: optional('Credentials of S3; where the AWS SDK finds them by itself when unset'),
  AWS_SECRET_ACCESS_KEY: optional('Secret of AWS_ACCESS_KEY_ID'),
  AWS_SESSION_TOKEN: optional('Session of AWS_ACCESS_KEY_ID, where the credentials are temporary'),
  DEFAULT_REGION: Type.String({ default: 'IN', pattern: '^[A-Z]{2}$', description: 'Country of phone numbers typed in national form' }),
  DEFAULT_TIME_ZONE: Type.String({ default: 'UTC', description: 'Whose day "today" is, unless the caller says' }),
  OTP_LENGTH: Type.Integer({ default: 6, minimum: 4, maximum: 10, description: 'Digits of a code' }),
  OTP_TTL_SECONDS: seconds(300, 'Life of a code', 1, 600),
  OTP_RESEND_SECONDS: seconds(30, 'First gap between two SMS to one number; later gaps are 2, 4 and 10 times as long, an hour at most', 1, 600),
  TOKEN_TTL_SECONDS: seconds(172_800, 'Life of a token after its last use'),
  TOKEN_MAX_SECONDS: seconds(2_592_000, 'Longest life of a token that is kept in use, from login; at least TOKEN_TTL_SECONDS'),
  SMS_PROVIDERS: Type.String({ default: 'twilio', description: `Comma-separated, of ${providerNames}: each takes over where the one before it cannot send` }),
  SMS_CONCURRENCY: Type.Integer({
    default: 50, minimum: 1, maximum: 1000, description: 'SMS under way at once in each process that sends; Twilio refuses more than the account may have (20429)'
  }),
  ...providerFields,
  TRUST_PROXY: optional('Comma-separated CIDR list of proxies whose X-Forwarded-For is believed'),
  CORS_ORIGINS: optional('Comma-separated origins that browsers may call from'),
  DEV_INBOX: Type.Optional(choice(['on', 'off'], {
    description: 'SMS inbox of the carrier emulator: `on` or `off`; on with the emulator on a loopback HOST when unset'
  })),
  SMS_COUNTRIES: optional('Comma-separated ISO codes of countries SMS go to, or `*`; DEFAULT_REGION when unset, `*` with the emulator'),
  OTP_TEST_NUMBERS: optional('Comma-separated `number:code:last day`, such as `+918123456789:123456:2026-12-31`: fixed codes without an SMS'),
  OTP_AUTOFILL_DOMAIN: optional('Host name of the site that asks for codes: browsers fill a code in from an SMS whose last line is `@host #code`'),
  OTP_ANDROID_APP_HASH: optional('11 characters of the Android app that asks for codes, for the SMS Retriever; not together with OTP_AUTOFILL_DOMAIN'),
  SMS_BRAND: Type.String({ default: 'Cheershare', maxLength: 20, description: 'Whom SMS say that they are from; up to 20 characters of GSM-7' }),
  SMS_TEMPLATES: optional('Texts of SMS in place of the built-in ones, by language or country: JSON, or the path of a file with it'),
  SMS_DELIVERY: choice(['on', 'off'], {
    default: 'on', description: '`off`: this process only queues SMS, and `npm run worker` sends them; needs REDIS_URL'
  }),
  SCHEDULE_VISIBILITY: choice(['shared', 'private'], {
    default: 'shared', description: 'Who sees scheduled creatives: everyone signed in (`shared`) or their owner (`private`)'
  }),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info', description: 'fatal, error, warn, info, debug, trace or silent; debug has one line a request'
  }),
  LIMIT_SENDS_PER_PHONE_HOUR: limit(5, 'SMS to one number in an hour'),
  LIMIT_SENDS_PER_PHONE_DAY: limit(10, 'SMS to one number in a day'),
  LIMIT_SENDS_PER_ADDRESS_HOUR: limit(200, 'SMS asked for by one client address in an hour'),
  LIMIT_PHONES_PER_ADDRESS_HOUR: limit(100, 'Distinct numbers asked for by one client address in an hour'),
  LIMIT_VERIFIES_PER_ADDRESS_HOUR: limit(400, 'Codes tried by one client address in an hour'),
  LIMIT_SENDS_PER_PREFIX: limit(10, 'SMS to numbers that differ in their last 4 digits only, in 10 minutes'),
  LIMIT_SENDS_PER_MINUTE: limit(60, 'SMS of the whole service in a minute'),
  LIMIT_SENDS_PER_DAY: limit(5000, 'SMS of the whole service in a day'),
  QUOTA_CREATIVES_PER_DAY: limit(100, 'Creatives one user may upload in a day'),
  QUOTA_BYTES_PER_USER: limit(1_073_741_824, 'Bytes one user may keep'),
  SWEEP_SECONDS: seconds(3600, 'Pause between two sweeps that settle what crashes left between storage and database; 0 turns them off', 0),
  SWEEP_GRACE_SECONDS: seconds(3600, 'What is younger a sweep leaves alone; longer than any upload lasts', 0),
  SWEEP_MAXIMUM_DELETIONS: Type.Integer({ default: 1000, minimum: 0, description: 'With more stray blobs than this a sweep deletes none and says so' }),
  SCRUB_SECONDS: seconds(10, 'Pause between two stored images that are hashed anew to find damage; 0 turns it off', 0),
  MIGRATE_ON_START: Type.Optional(choice(['on', 'off', 'true', 'false'], {
    description: 'Migrate the schema at start: `on` or `off`; on with embedded PostgreSQL, else off'
  })),
  START_WAIT_SECONDS: seconds(30, 'How long the start waits for PostgreSQL and Redis before it gives up', 0, 3600),
  SHUTDOWN_SECONDS: seconds(5, 'What running requests get after SIGTERM', 0, 3600),
  SHUTDOWN_SMS_SECONDS: seconds(25, 'What background SMS then get', 0, 3600)
}, { additionalProperties: false })

export type Config = Readonly<Static<typeof ConfigSchema>>

/** The start is refused; `problems` has a sentence for each variable that is missing or wrong. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: string[]

  constructor (problems: string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

const isValid = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true }).compile(ConfigSchema)

/**
 * Reads the configuration of a process from an environment. Unknown variables are ignored, blank ones count as unset.
 * @throws {ConfigError} naming every variable that is missing, malformed or contradicts another, and every text of an
 * SMS that breaks a rule
 */
export function loadConfig (env: Record<string, string | undefined>, role: Role = 'service'): Config {
  const config = readConfig(env, role)
  const { problems, reports } = readSmsTexts(config)
  const breaches = reports.flatMap(({ template, breaches }) => breaches.map((breach) => `SMS text ${template.name} (${template.message}) ${breach}`))
  if (problems.length + breaches.length > 0) throw new ConfigError([...problems, ...breaches])
  return config
}

/**
 * `loadConfig` without a look at the texts.
 * @throws {ConfigError}
 */
export function readConfig (env: Record<string, string | undefined>, role: Role = 'service'): Config {
  const known = Object.keys(ConfigSchema.properties).filter((name) => listOf(env[name]).length > 0)
  const raw: unknown = Object.fromEntries(known.map((name) => [name, env[name]?.trim()]))
  if (!isValid(raw)) {
    throw new ConfigError([isValid.errors].flat().map(describe))
  }
  const config = raw as Config
  const problems = refusals(config, role)
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

function describe (error: ErrorObject | null | undefined): string {
  const values = error?.keyword === 'enum' ? `: ${[error.params['allowedValues']].flat().join(', ')}` : ''
  return `${error?.instancePath.slice(1)} ${error?.message}${values}`
}
