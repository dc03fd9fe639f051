import t from 'tap'
import { ConfigError, ConfigSchema, loadConfig } from '../../../src/config/index.ts'
import { isLoopback, listOf, migratesOnStart, publicUrlOf } from '../../../src/config/derived.ts'
import { smsCountriesOf, usesCarrierEmulator } from '../../../src/config/sms-providers.ts'

const carrier = { TWILIO_SID: `AC${'0'.repeat(32)}`, TWILIO_API_KEY: 'key', TWILIO_PHONE_NUMBER: '+15005550006' }

t.test('an empty environment is a whole configuration', async (t) => {
  const config = loadConfig({})
  t.strictSame({ ...config }, {
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: 4000,
    DATA_DIR: '.data',
    DEFAULT_REGION: 'IN',
    DEFAULT_TIME_ZONE: 'UTC',
    OTP_LENGTH: 6,
    OTP_TTL_SECONDS: 300,
    OTP_RESEND_SECONDS: 30,
    TOKEN_TTL_SECONDS: 172_800,
    TOKEN_MAX_SECONDS: 2_592_000,
    SMS_PROVIDERS: 'twilio',
    SMS_CONCURRENCY: 50,
    SMS_DELIVERY: 'on',
    TWILIO_MESSAGE_FEEDBACK: 'off',
    SMS_WEBHOOK_ALLOW_PRIVATE: 'off',
    SMS_BRAND: 'Cheershare',
    SCHEDULE_VISIBILITY: 'shared',
    LOG_LEVEL: 'info',
    LIMIT_SENDS_PER_PHONE_HOUR: 5,
    LIMIT_SENDS_PER_PHONE_DAY: 10,
    LIMIT_SENDS_PER_ADDRESS_HOUR: 200,
    LIMIT_PHONES_PER_ADDRESS_HOUR: 100,
    LIMIT_VERIFIES_PER_ADDRESS_HOUR: 400,
    LIMIT_SENDS_PER_PREFIX: 10,
    LIMIT_SENDS_PER_MINUTE: 60,
    LIMIT_SENDS_PER_DAY: 5000,
    QUOTA_CREATIVES_PER_DAY: 100,
    QUOTA_BYTES_PER_USER: 1_073_741_824,
    SWEEP_SECONDS: 3600,
    SWEEP_GRACE_SECONDS: 3600,
    SWEEP_MAXIMUM_DELETIONS: 1000,
    SCRUB_SECONDS: 10,
    START_WAIT_SECONDS: 30,
    SHUTDOWN_SECONDS: 5,
    SHUTDOWN_SMS_SECONDS: 25
  })
  t.ok(Object.isFrozen(config))
})

t.test('every variable says what it means', async (t) => {
  for (const [name, schema] of Object.entries(ConfigSchema.properties)) t.match(schema, { description: /\w+/ }, name)
})

t.test('blank variables count as unset, and unknown ones do not matter', async (t) => {
  const blank = Object.fromEntries(Object.keys(ConfigSchema.properties).flatMap((name) => [[name, '']]))
  const spaces = Object.fromEntries(Object.keys(ConfigSchema.properties).map((name) => [name, ' \t ']))
  for (const env of [blank, spaces, { PATH: '/bin', PORTS: '1', port: '1' }, { PORT: undefined }]) {
    t.strictSame(loadConfig(env), loadConfig({}))
  }
})

t.test('a list of blanks counts as unset', async (t) => {
  for (const name of ['REDIS_URL', 'APP_SECRET', 'TRUST_PROXY', 'CORS_ORIGINS', 'SMS_COUNTRIES']) {
    for (const blank of [',', ' , ,']) t.strictSame(loadConfig({ [name]: blank }), loadConfig({}), `${name}=${blank}`)
  }
})

t.test('values are read as what they are, without the space around them', async (t) => {
  const config = loadConfig({
    PORT: ' 8080 ', HOST: ' ::1\n', OTP_LENGTH: '8', LIMIT_SENDS_PER_DAY: '0', MIGRATE_ON_START: 'false', LOG_LEVEL: 'silent', DEV_INBOX: 'off'
  })
  t.match(config, { PORT: 8080, HOST: '::1', OTP_LENGTH: 8, LIMIT_SENDS_PER_DAY: 0, MIGRATE_ON_START: 'false', LOG_LEVEL: 'silent', DEV_INBOX: 'off' })
  for (const [MIGRATE_ON_START, expected] of [['on', true], ['true', true], ['off', false], ['false', false], [undefined, true]] as const) {
    t.equal(migratesOnStart(loadConfig({ MIGRATE_ON_START })), expected)
  }
  t.equal(migratesOnStart(loadConfig({ DATABASE_URL: 'postgres://localhost/cheershare' })), false)
})

t.test('a configuration that cannot be used names every problem at once', async (t) => {
  const error = new ConfigError(['A is missing', 'B is wrong'])
  t.equal(error.message, 'The configuration is not usable:\n  - A is missing\n  - B is wrong')
  t.equal(error.name, 'ConfigError')
  t.throws(() => loadConfig({ PORT: 'x', OTP_LENGTH: '99' }), { message: /^ {2}- PORT .*\n {2}- OTP_LENGTH /m })
  t.throws(() => loadConfig({ DATABASE_URL: 'x', DEFAULT_TIME_ZONE: 'x' }), { message: /^ {2}- DATABASE_URL .*\n {2}- DEFAULT_TIME_ZONE /m })
})

t.test('lists are split at commas, without space and blanks', async (t) => {
  t.strictSame(listOf(undefined), [])
  t.strictSame(listOf(' , ,'), [])
  t.strictSame(listOf('one'), ['one'])
  t.strictSame(listOf(' one,two , ,three,'), ['one', 'two', 'three'])
})

t.test('SMS go to the emulator where there are no credentials', async (t) => {
  t.ok(usesCarrierEmulator(loadConfig({})))
  t.notOk(usesCarrierEmulator(loadConfig(carrier)))
})

t.test('loopback addresses are those that other machines cannot reach', async (t) => {
  for (const host of ['localhost', '127.0.0.1', '127.0.0.53', '127.255.255.254', '::1']) t.ok(isLoopback(host), host)
  for (const host of ['0.0.0.0', '::', '128.0.0.1', '10.0.0.1', '127.0.0.1.example.com', 'localhost.example.com', 'example.com', '1127.0.0.1', '']) {
    t.notOk(isLoopback(host), host)
  }
})

t.test('URLs are handed out for PUBLIC_URL, else for host and port', async (t) => {
  const urls: Array<[Record<string, string>, string]> = [
    [{}, 'http://127.0.0.1:4000'],
    [{ HOST: 'localhost', PORT: '80' }, 'http://localhost:80'],
    [{ HOST: '::1' }, 'http://[::1]:4000'],
    [{ HOST: '0.0.0.0', DEV_INBOX: 'on' }, 'http://localhost:4000'],
    [{ HOST: '::', DEV_INBOX: 'on' }, 'http://localhost:4000'],
    [{ PUBLIC_URL: 'https://cheershare.example' }, 'https://cheershare.example'],
    [{ PUBLIC_URL: 'https://example.com/cheershare//' }, 'https://example.com/cheershare']
  ]
  for (const [env, url] of urls) t.equal(publicUrlOf(loadConfig(env)), url)
})

t.test('SMS go to the countries named, else to that of the region, with the emulator everywhere', async (t) => {
  const countries: Array<[Record<string, string>, string[] | undefined]> = [
    [{}, undefined],
    [{ SMS_COUNTRIES: '*' }, undefined],
    [{ SMS_COUNTRIES: 'IN, US' }, ['IN', 'US']],
    [{ ...carrier }, ['IN']],
    [{ ...carrier, DEFAULT_REGION: 'DE' }, ['DE']],
    [{ ...carrier, SMS_COUNTRIES: '*' }, undefined],
    [{ ...carrier, SMS_COUNTRIES: 'GB' }, ['GB']]
  ]
  for (const [env, expected] of countries) t.strictSame(smsCountriesOf(loadConfig(env)), expected && new Set(expected), JSON.stringify(env))
})
