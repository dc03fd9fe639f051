import path from 'node:path'
import t from 'tap'
import { ConfigError, loadConfig, type Config } from '../../../src/config/index.ts'
import { parseFlag, splitList } from '../../../src/config/parsers.ts'
import type { ConfiguredProvider } from '../../../src/config/sms-providers.ts'
import { allSettings } from '../../../src/config/settings.ts'
import { createTimeouts } from '../../../src/config/timeouts.ts'
import { isLoopback } from '../../../src/http/hosts.ts'
import { production } from '../../support/config-problems.ts'

const carrier = { TWILIO_SID: `AC${'0'.repeat(32)}`, TWILIO_API_KEY: 'key', TWILIO_PHONE_NUMBER: '+15005550006' }
const secret = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`

/** Two configurations never share the function that finds a text, so it is left out of comparisons. */
function toPlain ({ sms: { texts: { templates, style }, ...sms }, ...config }: Config) {
  return { ...config, sms, style, texts: templates.all }
}

const twilio = {
  accountSid: undefined,
  authToken: undefined,
  apiKeySid: undefined,
  apiKeySecret: undefined,
  phoneNumber: undefined,
  messagingServiceSid: undefined,
  apiBaseUrl: undefined,
  whatsAppFrom: undefined,
  whatsAppContentSid: undefined,
  sendsFeedback: false
}

t.test('the drain takes 10 s in production unless DRAIN_SECONDS is set', async (t) => {
  const drainOf = (env: Record<string, string>) => loadConfig({ ...production, ...carrier, ...env }).process.drainSeconds
  t.equal(drainOf({}), 10)
  t.equal(drainOf({ DRAIN_SECONDS: '0' }), 0)
  t.equal(drainOf({ NODE_ENV: 'staging' }), 0)
  t.equal(drainOf({ NODE_ENV: 'development', DRAIN_SECONDS: '3' }), 3)
})

t.test('an empty environment is a complete configuration', async (t) => {
  const config = loadConfig({})
  const { sms: { texts, providers, knownProviders, ...sms }, ...rest } = config
  const toSettings = ({ definition, settings }: ConfiguredProvider) => [definition.name, settings]
  t.strictSame({ ...rest, sms: { ...sms, providers: providers.map(toSettings), knownProviders: knownProviders.map(toSettings) } }, {
    process: {
      mode: 'development',
      dataDir: '.data',
      logLevel: 'info',
      startWaitSeconds: 30,
      drainSeconds: 0,
      shutdownSeconds: 5,
      shutdownUploadSeconds: 30,
      shutdownSmsSeconds: 25,
      timeouts: createTimeouts(undefined)
    },
    http: {
      host: '127.0.0.1',
      port: 4000,
      workerPort: undefined,
      publicUrl: undefined,
      baseUrl: 'http://127.0.0.1:4000',
      trustedProxies: [],
      corsOrigins: [],
      corsHeaders: []
    },
    outbound: { httpsProxy: undefined, httpProxy: undefined, noProxy: [] },
    database: { url: undefined, schema: 'public', isPrepared: true, poolSize: 17, migratesOnStart: true },
    redis: { urls: [], ca: undefined, cert: undefined, key: undefined, allowsEviction: false },
    storage: { location: { kind: 'file', folder: path.resolve('.data/uploads') }, credentials: undefined },
    auth: {
      appSecrets: [],
      phoneHashSecret: undefined,
      defaultRegion: 'IN',
      otpLength: 6,
      otpTtlSeconds: 300,
      otpResendSeconds: 30,
      testNumbers: new Map(),
      tokenTtlSeconds: 2_592_000,
      tokenMaxSeconds: 7_776_000
    },
    jwt: {
      audiences: [],
      ttlSeconds: 300,
      algorithm: 'ES256',
      keyDays: 90,
      claims: undefined,
      isStateless: false,
      resourceServers: []
    },
    limits: {
      sends_per_phone_hour: 0,
      sends_per_phone_day: 0,
      sends_per_address_hour: 200,
      phones_per_address_hour: 100,
      verifies_per_address_hour: 400,
      sends_per_prefix: 10,
      sends_per_minute: 60,
      sends_per_day: 5000
    },
    sms: {
      concurrency: 50,
      delivers: true,
      hasInbox: undefined,
      usesEmulator: true,
      countries: undefined,
      channels: ['sms'],
      providers: [['twilio', twilio]],
      knownProviders: [['twilio', twilio], ['webhook', { url: undefined, secrets: undefined, allowsPrivate: false }]]
    },
    creatives: {
      defaultTimeZone: 'UTC',
      quotaPerDay: 100,
      uploadMaxBytes: 10_485_760,
      imageMemoryBytes: 201_326_592,
      quotaBytes: 1_073_741_824,
      isScheduleShared: true
    },
    maintenance: { sweepSeconds: 3600, sweepGraceSeconds: 3600, sweepMaximumDeletions: 1000, scrubSeconds: 10 }
  })
  t.strictSame(texts.style, { brand: 'Cheershare', autofillDomain: undefined, appHash: undefined })
  t.ok(Object.isFrozen(config))
  for (const [name, group] of Object.entries(config)) t.ok(Object.isFrozen(group), name)
})

t.test('every variable has a unique name and a description', async (t) => {
  for (const { name, description } of allSettings) t.match(description, /\w+/, name)
  t.equal(new Set(allSettings.map(({ name }) => name)).size, allSettings.length)
})

t.test('blank variables count as unset, and unknown ones are ignored', async (t) => {
  const blank = Object.fromEntries(allSettings.map(({ name }) => [name, '']))
  const spaces = Object.fromEntries(allSettings.map(({ name }) => [name, ' \t ']))
  for (const env of [blank, spaces, { PATH: '/bin', PORTS: '1', port: '1' }, { PORT: undefined }]) {
    t.strictSame(toPlain(loadConfig(env)), toPlain(loadConfig({})))
  }
})

t.test('a list of blanks counts as unset', async (t) => {
  for (const name of ['REDIS_URL', 'APP_SECRET', 'TRUST_PROXY', 'CORS_ORIGINS', 'CORS_HEADERS', 'SMS_COUNTRIES']) {
    for (const blank of [',', ' , ,']) t.strictSame(toPlain(loadConfig({ [name]: blank })), toPlain(loadConfig({})), `${name}=${blank}`)
  }
})

t.test('values are parsed and trimmed', async (t) => {
  const config = loadConfig({
    PORT: ' 8080 ',
    HOST: ' ::1\n',
    OTP_LENGTH: '8',
    LIMIT_SENDS_PER_DAY: '0',
    MIGRATE_ON_START: 'false',
    LOG_LEVEL: 'silent',
    DEV_INBOX: 'off'
  })
  t.match(config, {
    http: { port: 8080, host: '::1' },
    auth: { otpLength: 8 },
    limits: { sends_per_day: 0 },
    database: { migratesOnStart: false },
    process: { logLevel: 'silent' },
    sms: { hasInbox: false }
  })
  for (const [MIGRATE_ON_START, expected] of [['on', true], ['true', true], ['off', false], ['false', false], [undefined, true]] as const) {
    t.equal(loadConfig({ MIGRATE_ON_START }).database.migratesOnStart, expected)
  }
  t.equal(loadConfig({ DATABASE_URL: 'postgres://localhost/cheershare' }).database.migratesOnStart, false)
})

t.test('the timeouts of dependencies are within a second, unless one is set for all', async (t) => {
  t.strictSame(createTimeouts(undefined), {
    connectionMs: 900,
    statementMs: 3000,
    probeMs: 500,
    commandMs: 450,
    redisConnectionMs: 1000,
    healthMs: 900,
    storageIdleMs: 2000,
    storageMs: 3000
  })
  const { timeouts } = loadConfig({ DEPENDENCY_TIMEOUT_MS: '20000' }).process
  t.strictSame(Object.keys(timeouts), Object.keys(createTimeouts(undefined)))
  t.ok(Object.values(timeouts).every((milliseconds) => milliseconds === 20_000))
})

t.test('every switch accepts on, off, true and false', async (t) => {
  t.strictSame(['on', 'true', 'off', 'false', 'yes', 'ON', ''].map(parseFlag), [true, true, false, false, undefined, undefined, undefined])
  const credentials = { ...carrier, REDIS_URL: 'redis://redis' }
  for (const [text, expected] of [['on', true], ['true', true], ['off', false], ['false', false]] as const) {
    const { sms, database } = loadConfig({
      ...credentials,
      DEV_INBOX: text,
      SMS_DELIVERY: text,
      TWILIO_MESSAGE_FEEDBACK: text,
      MIGRATE_ON_START: text,
      SMS_PROVIDERS: 'twilio, webhook',
      SMS_WEBHOOK_URL: 'https://sms.example',
      SMS_WEBHOOK_SECRET: secret,
      SMS_WEBHOOK_ALLOW_PRIVATE: text
    })
    t.strictSame([sms.hasInbox, sms.delivers, database.migratesOnStart], [expected, expected, expected], text)
    t.match(sms.providers, [{ settings: { sendsFeedback: expected } }, { settings: { allowsPrivate: expected } }])
  }
})

t.test('an invalid configuration reports all problems together', async (t) => {
  const error = new ConfigError(['A is missing', 'B is wrong'])
  t.equal(error.message, 'The configuration is not usable:\n  - A is missing\n  - B is wrong')
  t.equal(error.name, 'ConfigError')
  t.throws(() => loadConfig({ PORT: 'x', OTP_LENGTH: '99' }), { message: /^ {2}- PORT .*\n {2}- OTP_LENGTH /m })
  t.throws(() => loadConfig({ DATABASE_URL: 'x', DEFAULT_TIME_ZONE: 'x' }), {
    message: /^ {2}- DATABASE_URL .*\n {2}- DEFAULT_TIME_ZONE /m
  })
  t.throws(() => loadConfig({ PORT: 'x', AWS_SESSION_TOKEN: 'x', SMS_TEMPLATES: '{"en": "Hello"}' }), {
    message: /^ {2}- PORT is not a whole number from 0 to 65535\n {2}- AWS_ACCESS_KEY_ID is missing.*\n {2}- SMS text en \(code\) lacks/m
  })
})

t.test('a malformed value is not reported a second time as a contradiction', async (t) => {
  const malformed = [
    { HOST: '0.0.0.0', DEV_INBOX: 'yes' }, { TOKEN_TTL_SECONDS: 'x', TOKEN_MAX_SECONDS: '60' },
    { SMS_PROVIDERS: 'x', TWILIO_API_KEY: 'key' },
    { OTP_LENGTH: 'x', SMS_TEMPLATES: '{"en": "Hello"}' }, { NODE_ENV: 'development', SMS_DELIVERY: 'x' }
  ]
  for (const env of malformed) {
    try {
      loadConfig(env)
      t.fail('accepted')
    } catch (error) {
      t.equal((error as ConfigError).problems.length, 1, (error as ConfigError).message)
    }
  }
})

t.test('lists are split at commas, and their items are trimmed', async (t) => {
  t.strictSame(splitList(undefined), [])
  t.strictSame(splitList(' , ,'), [])
  t.strictSame(splitList('one'), ['one'])
  t.strictSame(splitList(' one,two , ,three,'), ['one', 'two', 'three'])
})

t.test('SMS go to the emulator if there are no credentials', async (t) => {
  t.ok(loadConfig({}).sms.usesEmulator)
  t.notOk(loadConfig(carrier).sms.usesEmulator)
})

t.test('only addresses that other machines cannot reach count as loopback', async (t) => {
  for (const host of ['localhost', '127.0.0.1', '127.0.0.53', '127.255.255.254', '::1']) t.ok(isLoopback(host), host)
  for (const host of [
    '0.0.0.0', '::', '128.0.0.1', '10.0.0.1', '127.0.0.1.example.com', 'localhost.example.com', 'example.com', '1127.0.0.1', ''
  ]) {
    t.notOk(isLoopback(host), host)
  }
})

t.test('URLs are built from PUBLIC_URL, else from host and port', async (t) => {
  const urls: Array<[Record<string, string>, string]> = [
    [{}, 'http://127.0.0.1:4000'],
    [{ HOST: 'localhost', PORT: '80' }, 'http://localhost:80'],
    [{ HOST: '::1' }, 'http://[::1]:4000'],
    [{ HOST: '0.0.0.0', DEV_INBOX: 'on' }, 'http://localhost:4000'],
    [{ HOST: '::', DEV_INBOX: 'on' }, 'http://localhost:4000'],
    [{ PUBLIC_URL: 'https://cheershare.example' }, 'https://cheershare.example'],
    [{ PUBLIC_URL: 'https://example.com/cheershare//' }, 'https://example.com/cheershare']
  ]
  for (const [env, url] of urls) t.equal(loadConfig(env).http.baseUrl, url)
})

t.test('SMS go to the listed countries, else to that of the default region, and with the emulator to all', async (t) => {
  const countries: Array<[Record<string, string>, string[] | undefined]> = [
    [{}, undefined],
    [{ SMS_COUNTRIES: '*' }, undefined],
    [{ SMS_COUNTRIES: 'IN, US' }, ['IN', 'US']],
    [{ ...carrier }, ['IN']],
    [{ ...carrier, DEFAULT_REGION: 'DE' }, ['DE']],
    [{ ...carrier, SMS_COUNTRIES: '*' }, undefined],
    [{ ...carrier, SMS_COUNTRIES: 'GB' }, ['GB']]
  ]
  for (const [env, expected] of countries) t.strictSame(loadConfig(env).sms.countries, expected && new Set(expected), JSON.stringify(env))
})

t.test('a number has limits of SMS, except where everything is embedded', (t) => {
  const limitsOf = (env: Record<string, string>) => {
    const { sends_per_phone_hour: hour, sends_per_phone_day: day } = loadConfig(env).limits
    return [hour, day]
  }
  t.same(limitsOf({}), [0, 0])
  t.same(limitsOf({ LIMIT_SENDS_PER_PHONE_HOUR: '3' }), [3, 0])
  t.same(limitsOf({ DATABASE_URL: 'postgres://localhost/cheershare' }), [5, 10])
  t.same(limitsOf({ TWILIO_SID: `AC${'0'.repeat(32)}`, TWILIO_API_KEY: 'x', TWILIO_PHONE_NUMBER: '+15005550006' }), [5, 10])
  t.end()
})
