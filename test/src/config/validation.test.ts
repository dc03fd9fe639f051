import t from 'tap'
import { ConfigError, loadConfig } from '../../../src/config/index.ts'

type Environment = Record<string, string>

const carrier = { TWILIO_SID: `AC${'0'.repeat(32)}`, TWILIO_API_KEY: 'key', TWILIO_PHONE_NUMBER: '+15005550006' }
const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://db.example/cheershare',
  REDIS_URL: 'redis://redis.example',
  APP_SECRET: 'a'.repeat(32),
  PHONE_HASH_SECRET: 'p'.repeat(32),
  STORAGE_URL: 'file:/srv/cheershare'
}

function problemsOf (env: Environment, role?: 'worker'): string[] {
  try {
    loadConfig(env, role)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** Values that are refused alone, by variable. */
const refused: Record<string, string[]> = {
  PORT: ['x', '-1', '65536', '40.5'],
  DATABASE_URL: ['x', 'mysql://db', '//db', 'localhost:5432'],
  REDIS_URL: ['x', 'http://redis', 'redis://one,two', 'localhost:6379'],
  STORAGE_URL: [
    'x', '/srv/uploads', 's4://bucket', 'http://storage',
    'file:uploads', 'file:', 'file:/', 'file://', 'file:///', 'file://host/srv', 'file:/srv?x', 'file:/srv#x', 'file:/srv%2Fuploads',
    's3:', 's3://', 's3:bucket', 's3:///prefix', 's3://Bucket', 's3://b', 's3://bucket_1', 's3://bucket:9000', 's3://key:secret@bucket', 's3://key@bucket',
    's3://bucket/a b', 's3://bucket/a%2Fb', 's3://bucket//a', 's3://bucket/ü', 's3://bucket#x',
    's3://bucket?acl=public', 's3://bucket?region=a&region=b', 's3://bucket?region=EU', 's3://bucket?region=', 's3://bucket?path_style=yes',
    's3://bucket?endpoint=storage:9000', 's3://bucket?endpoint=x', 's3://bucket?endpoint=ftp://x', 's3://bucket?endpoint=http://k:s@x',
    's3://bucket?endpoint=http://k@x', 's3://bucket?endpoint=http://x%3Fa', 's3://bucket?endpoint=http://x%23a'
  ],
  PUBLIC_URL: ['x', 'ftp://example.com', 'example.com'],
  APP_SECRET: ['short', 'a'.repeat(31), `${'a'.repeat(32)},short`],
  PHONE_HASH_SECRET: ['short', 'p'.repeat(31)],
  DEFAULT_REGION: ['in', 'IND', 'I', 'XX', '91'],
  DEFAULT_TIME_ZONE: ['x', '+05:30', 'Mars/Olympus'],
  SMS_COUNTRIES: ['XX', 'in', 'IN,XX', 'IN,*'],
  OTP_TEST_NUMBERS: [
    'x', '+918123456789', '+918123456789:1234', '+918123456789:123:2030-01-01', '+918123456789:12a4:2030-01-01', '+918123456789:1234:2030-02-30',
    '8123456789:1234:2030-01-01', '+91 8123456789:1234:2030-01-01', '+911123456789:1234:2030-01-01', '+918123456789:1234:2030-01-01:x',
    '+918123456789:1234:2030-01-01,+918123456789:5678:2030-01-01'
  ],
  SMS_BRAND: ['x'.repeat(21), 'Café Ñandú', '{code}', 'a\nb', 'Привет'],
  OTP_AUTOFILL_DOMAIN: ['https://example.com', 'example', 'Example.com', 'example.com/x', 'example.com:443', '-a.com', 'a..com', `${'a.'.repeat(130)}com`],
  OTP_ANDROID_APP_HASH: ['FA+9qCX9VS', 'FA+9qCX9VSu1', 'FA-9qCX9VSu'],
  SMS_TEMPLATES: ['{', '/no/such/file', '{"english": "x"}'],
  CORS_ORIGINS: ['*', 'example.com', 'https://example.com/', 'https://example.com/app', 'https://ok.example,x'],
  DEV_INBOX: ['yes', '1', 'ON'],
  SCHEDULE_VISIBILITY: ['public'],
  SMS_PROVIDERS: ['x', 'Twilio', 'twilio,sms', 'twilio,twilio', 'twilio webhook'],
  SMS_WEBHOOK_ALLOW_PRIVATE: ['yes', 'TRUE'],
  LOG_LEVEL: ['loud'],
  MIGRATE_ON_START: ['maybe'],
  TWILIO_SID: ['AC', 'SK123', 'AC 123', 'x'],
  TWILIO_API_BASE_URL: ['x', 'ftp://twilio'],
  TWILIO_MESSAGE_FEEDBACK: ['yes'],
  OTP_LENGTH: ['3', '11', 'six', '6.5'],
  OTP_TTL_SECONDS: ['0', '601', 'x'],
  OTP_RESEND_SECONDS: ['0', '601', 'x'],
  TOKEN_TTL_SECONDS: ['0', 'x'],
  TOKEN_MAX_SECONDS: ['0', 'x'],
  START_WAIT_SECONDS: ['-1', '3601'],
  SHUTDOWN_SECONDS: ['-1', '3601'],
  SHUTDOWN_SMS_SECONDS: ['-1', '3601'],
  QUOTA_BYTES_PER_USER: ['-1', 'x'],
  LIMIT_SENDS_PER_DAY: ['-1', 'x', '1.5'],
  UPLOAD_MAX_BYTES: ['0', '65535', '52428801', '10 MiB'],
  DATABASE_POOL_SIZE: ['2', '1001', 'x'],
  DEPENDENCY_TIMEOUT_MS: ['99', '60001', 'x']
}

for (const [name, values] of Object.entries(refused)) {
  t.test(`${name} that makes no sense is refused by name`, async (t) => {
    const others = name.startsWith('TWILIO') ? carrier : {}
    for (const value of values) {
      const problems = problemsOf({ ...others, [name]: value })
      t.ok(problems.length > 0, `${name}=${value}`)
      for (const problem of problems) t.ok(problem.startsWith(name), problem)
    }
  })
}

t.test('what makes sense is taken', async (t) => {
  const taken: Environment[] = [
    { DATABASE_URL: 'postgres://u:p@db/x' }, { DATABASE_URL: 'postgresql://db/x?host=/run' },
    { REDIS_URL: 'redis://:p@redis:6379/1' }, { REDIS_URL: 'rediss://one, rediss://two' },
    { STORAGE_URL: 'file:/srv/uploads' }, { STORAGE_URL: 'file:///srv/uploads' },
    { STORAGE_URL: 's3://bucket' }, { STORAGE_URL: 's3://my.bucket-1/a/b_c/?endpoint=https://s3.example.com:9000/x&region=eu-west-1&path_style=off' },
    { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x' }, { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 'y' },
    { PUBLIC_URL: 'https://example.com/app/' }, { CORS_ORIGINS: 'https://app.example,http://localhost:3000' },
    { APP_SECRET: `${'a'.repeat(32)},${'b'.repeat(40)}` }, { PHONE_HASH_SECRET: 'p'.repeat(32) },
    { DEFAULT_REGION: 'GB', DEFAULT_TIME_ZONE: 'Asia/Kolkata', SMS_COUNTRIES: 'IN,GB' }, { SMS_COUNTRIES: '*' },
    { PORT: '0' }, { PORT: '65535' }, { OTP_LENGTH: '4' }, { OTP_LENGTH: '10' }, { START_WAIT_SECONDS: '0', SHUTDOWN_SECONDS: '0' },
    { ...carrier, TWILIO_API_BASE_URL: 'http://127.0.0.1:1' }
  ]
  for (const env of taken) t.strictSame(problemsOf(env), [], JSON.stringify(env))
})

t.test('credentials of S3 are whole or absent', async (t) => {
  t.match(problemsOf({ AWS_ACCESS_KEY_ID: 'AKIA' }), [/^AWS_SECRET_ACCESS_KEY is missing/])
  t.match(problemsOf({ AWS_SECRET_ACCESS_KEY: 'x' }), [/^AWS_ACCESS_KEY_ID is missing/])
  t.match(problemsOf({ AWS_SESSION_TOKEN: 'y' }), [/^AWS_ACCESS_KEY_ID is missing/])
})

t.test('a refusal does not repeat what is secret', async (t) => {
  const secret = 'hunter2'
  const envs: Environment[] = [
    { DATABASE_URL: `mysql://user:${secret}@db` }, { REDIS_URL: `http://:${secret}@redis` }, { APP_SECRET: secret }, { PHONE_HASH_SECRET: secret },
    { ...carrier, TWILIO_API_KEY: secret, TWILIO_SID: 'SK' }, { TWILIO_API_KEY: secret }, { STORAGE_URL: `s4://${secret}@bucket` },
    { STORAGE_URL: `s3://key:${secret}@bucket` }, { STORAGE_URL: `s3://bucket?${secret}=x` }, { STORAGE_URL: `s3://bucket?endpoint=http://k:${secret}@x` },
    { AWS_SECRET_ACCESS_KEY: secret }
  ]
  for (const env of envs) {
    const problems = problemsOf(env)
    t.ok(problems.length > 0)
    t.notMatch(problems.join(), secret)
  }
})

t.test('production refuses each embedded default by name', async (t) => {
  t.strictSame(problemsOf({ ...production, ...carrier }), [])
  for (const name of [...Object.keys(production).slice(1), 'TWILIO_SID']) {
    const { [name]: _, ...rest }: Environment = { ...production, ...carrier }
    const problems = problemsOf(rest)
    t.ok(problems.some((problem) => problem.startsWith(`${name} is missing`)), `${name}: ${problems.join()}`)
  }
  t.equal(problemsOf({ NODE_ENV: 'production' }).length, 6, 'all at once')
})

t.test('production takes no list of blanks for a list', async (t) => {
  for (const name of ['REDIS_URL', 'APP_SECRET']) {
    for (const blank of [',', ' , ,']) {
      t.match(problemsOf({ ...production, ...carrier, [name]: blank }), [new RegExp(`^${name} is missing`)], `${name}=${blank}`)
    }
  }
})

/**
 * Whom DEV_INBOX lets start: without credentials the inbox stands in for them, on a loopback address, or elsewhere
 * when that is said to be meant, and never in production.
 */
const inbox: Array<{ mode: string, credentials: Environment, hosts: string[], accepted: Array<string | undefined> }> = [
  { mode: 'production', credentials: carrier, hosts: ['127.0.0.1', '0.0.0.0'], accepted: [undefined, 'on', 'off'] },
  { mode: 'production', credentials: {}, hosts: ['127.0.0.1', 'localhost', '::1', '0.0.0.0', '::'], accepted: [] },
  { mode: 'development', credentials: carrier, hosts: ['127.0.0.1', '0.0.0.0'], accepted: [undefined, 'on', 'off'] },
  { mode: 'development', credentials: {}, hosts: ['127.0.0.1', 'localhost', '::1'], accepted: [undefined, 'on', 'off'] },
  { mode: 'development', credentials: {}, hosts: ['0.0.0.0', '::', '192.168.1.5', 'cheershare.example'], accepted: ['on'] },
  { mode: 'staging', credentials: {}, hosts: ['0.0.0.0'], accepted: ['on'] },
  { mode: 'test', credentials: {}, hosts: ['0.0.0.0'], accepted: ['on'] }
]

for (const { mode, credentials, hosts, accepted } of inbox) {
  const names = credentials === carrier ? 'with credentials' : 'without credentials'
  for (const host of hosts) {
    for (const value of [undefined, 'on', 'off']) {
      const isAccepted = accepted.includes(value)
      t.test(`${mode}, ${names}, HOST=${host}, DEV_INBOX ${value ?? 'unset'}: ${isAccepted ? 'starts' : 'refused'}`, async (t) => {
        const others = mode === 'production' ? production : {}
        const problems = problemsOf({ ...others, ...credentials, NODE_ENV: mode, HOST: host, ...(value === undefined ? {} : { DEV_INBOX: value }) })
        if (isAccepted) return t.strictSame(problems, [])
        t.equal(problems.length, 1)
        t.match(problems[0], /^TWILIO_SID\b.* missing/)
        if (mode !== 'production') t.match(problems[0], `HOST=${host} can be reached from other machines`)
      })
    }
  }
}

t.test('credentials that are not whole are refused, naming what is missing', async (t) => {
  const { TWILIO_SID, TWILIO_API_KEY, TWILIO_PHONE_NUMBER } = carrier
  const halves: Array<[Environment, RegExp]> = [
    [{ TWILIO_SID }, /^TWILIO_API_KEY is missing/],
    [{ TWILIO_SID, TWILIO_PHONE_NUMBER }, /^TWILIO_API_KEY is missing/],
    [{ TWILIO_SID, TWILIO_API_KEY }, /^TWILIO_PHONE_NUMBER \(or TWILIO_MESSAGING_SERVICE_SID\) is missing/],
    [{ TWILIO_API_KEY }, /^TWILIO_SID is missing, although TWILIO_API_KEY is set/],
    [{ TWILIO_PHONE_NUMBER, TWILIO_API_KEY }, /^TWILIO_SID is missing, although TWILIO_API_KEY, TWILIO_PHONE_NUMBER is set/],
    [{ TWILIO_MESSAGING_SERVICE_SID: 'MG1' }, /^TWILIO_SID is missing/],
    [{ TWILIO_API_BASE_URL: 'http://127.0.0.1:1' }, /^TWILIO_SID is missing/]
  ]
  for (const [env, problem] of halves) t.match(problemsOf(env), [problem], Object.keys(env).join())
  t.strictSame(problemsOf({ TWILIO_SID, TWILIO_API_KEY, TWILIO_MESSAGING_SERVICE_SID: 'MG1' }), [])
})

const secret = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`
const webhook = { SMS_PROVIDERS: 'webhook', SMS_WEBHOOK_URL: 'https://sms.example/send', SMS_WEBHOOK_SECRET: secret }

t.test('a webhook takes the place of Twilio: no credentials are needed, nor is there an inbox that others could read', async (t) => {
  t.strictSame(problemsOf(webhook), [])
  t.strictSame(problemsOf({ ...webhook, HOST: '0.0.0.0' }), [])
  t.strictSame(problemsOf({ ...production, ...webhook }), [])
  t.strictSame(problemsOf({ ...webhook, TWILIO_PHONE_NUMBER: '+15005550006' }), [], 'what is left over does no harm')
})

t.test('a webhook beside Twilio changes nothing of what Twilio needs', async (t) => {
  for (const SMS_PROVIDERS of ['twilio,webhook', 'webhook, twilio']) {
    const both = { ...webhook, SMS_PROVIDERS }
    t.strictSame(problemsOf(both), [])
    t.match(problemsOf({ ...both, HOST: '0.0.0.0' }), [/^TWILIO_SID, .* HOST=0\.0\.0\.0 can be reached/])
    t.match(problemsOf({ ...production, ...both }), [/^TWILIO_SID is missing/])
    t.strictSame(problemsOf({ ...production, ...both, ...carrier }), [])
  }
})

t.test('a webhook without address or secret is refused, naming what is missing', async (t) => {
  for (const name of ['SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET'] as const) {
    const { [name]: _, ...rest } = webhook
    t.match(problemsOf(rest), [new RegExp(`^${name} is missing, although SMS_PROVIDERS names webhook`)])
  }
  t.strictSame(problemsOf({ SMS_WEBHOOK_URL: 'nothing' }), [], 'what no provider uses is not looked at')
})

const webhookUrls: Array<[url: string, whatIsWrong: RegExp | undefined, isFineWherePrivateIsAllowed: boolean]> = [
  ['https://sms.example', undefined, true],
  ['https://sms.example:8443/a?b=c', undefined, true],
  ['https://8.8.8.8', undefined, true],
  ['https://localhost', undefined, true],
  ['http://sms.example', /is not a URL that begins with https:$/, true],
  ['ftp://sms.example', /is not a URL/, false],
  ['sms.example', /is not a URL/, false],
  ['https://user:hunter2@sms.example', /holds credentials/, false],
  ['https://user@sms.example', /holds credentials/, false],
  ['https://:hunter2@sms.example', /holds credentials/, false],
  ...[
    '127.0.0.1', '127.1', '0x7f.1', '2130706433', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '169.254.169.254', '224.0.0.1',
    '[::1]', '[::]', '[::ffff:10.0.0.1]', '[::ffff:7f00:1]', '[fe80::1]', '[fd00::1]', '[64:ff9b::10.0.0.1]', '[2002:7f00:1::]'
  ].map((host): [string, RegExp, boolean] => [`https://${host}/`, /leads to a private address; set SMS_WEBHOOK_ALLOW_PRIVATE=on/, true])
]

for (const [url, whatIsWrong, isFineWherePrivateIsAllowed] of webhookUrls) {
  t.test(`SMS_WEBHOOK_URL=${url} is ${whatIsWrong === undefined ? 'taken' : 'refused'}`, async (t) => {
    const problems = problemsOf({ ...webhook, SMS_WEBHOOK_URL: url })
    t.match(problems, whatIsWrong === undefined ? [] : [whatIsWrong])
    t.equal(problems.length, whatIsWrong === undefined ? 0 : 1)
    t.notMatch(problems.join(), 'hunter2')
    t.equal(problemsOf({ ...webhook, SMS_WEBHOOK_URL: url, SMS_WEBHOOK_ALLOW_PRIVATE: 'on' }).length, isFineWherePrivateIsAllowed ? 0 : 1)
  })
}

t.test('each secret of the webhook must have the form of the standard', async (t) => {
  t.strictSame(problemsOf({ ...webhook, SMS_WEBHOOK_SECRET: `${secret}, ${secret}` }), [])
  for (const value of ['hunter2', secret.slice(6), 'whsec_aHVudGVyMg==', `${secret},hunter2`]) {
    const problems = problemsOf({ ...webhook, SMS_WEBHOOK_SECRET: value })
    t.match(problems, [/^SMS_WEBHOOK_SECRET: each secret is whsec_/])
    t.notMatch(problems.join(), /hunter2|aHVud/)
  }
})

t.test('WhatsApp needs a sender and a template', async (t) => {
  const whatsApp = { TWILIO_WHATSAPP_FROM: '+14155238886', TWILIO_WHATSAPP_CONTENT_SID: `HX${'0a'.repeat(16)}` }
  t.strictSame(problemsOf({ ...carrier, ...whatsApp }), [])
  t.strictSame(problemsOf(whatsApp), [], 'the emulator has it too')
  const wrong: Array<[Environment, RegExp]> = [
    [{ TWILIO_WHATSAPP_FROM: '+14155238886' }, /^TWILIO_WHATSAPP_FROM and TWILIO_WHATSAPP_CONTENT_SID are needed together/],
    [{ TWILIO_WHATSAPP_CONTENT_SID: whatsApp.TWILIO_WHATSAPP_CONTENT_SID }, /are needed together/],
    [{ ...whatsApp, TWILIO_WHATSAPP_FROM: 'whatsapp:+14155238886' }, /^TWILIO_WHATSAPP_FROM is not a number in E\.164/],
    [{ ...whatsApp, TWILIO_WHATSAPP_CONTENT_SID: 'HX1' }, /^TWILIO_WHATSAPP_CONTENT_SID is not a content SID/]
  ]
  for (const [env, problem] of wrong) t.match(problemsOf({ ...carrier, ...env }), [problem], JSON.stringify(env))
})

t.test('a longest life below the life of a token is refused, and the same is taken', async (t) => {
  const env = { TOKEN_TTL_SECONDS: '60', TOKEN_MAX_SECONDS: '59' }
  t.match(problemsOf(env), [/^TOKEN_MAX_SECONDS is 59, which is less than TOKEN_TTL_SECONDS \(60\)/])
  t.strictSame(problemsOf({ ...env, TOKEN_MAX_SECONDS: '60' }), [])
  t.match(problemsOf({ TOKEN_TTL_SECONDS: '2592001' }), [/^TOKEN_MAX_SECONDS is 2592000/], 'by its default too')
})

t.test('TRUST_PROXY takes addresses and networks', async (t) => {
  for (const value of ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '0.0.0.0/0', '10.0.0.0/32, ::1/128 ,192.168.0.0/16']) {
    t.strictSame(problemsOf({ TRUST_PROXY: value }), [], value)
  }
})

t.test('TRUST_PROXY as a number of hops, true or anything else is refused with the reason', async (t) => {
  const values = [
    '1', '2', 'true', 'false', 'loopback', '10.0.0.0/33', '::1/129', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/a', '10.0.0', '*', '/8'
  ]
  for (const value of values) {
    const [problem, ...more] = problemsOf({ TRUST_PROXY: value })
    t.match(problem, `TRUST_PROXY: ${value} is not an address or CIDR range`)
    t.match(problem, 'a number of hops or "true" would believe an address that the client wrote')
    t.strictSame(more, [])
  }
  t.match(problemsOf({ TRUST_PROXY: '10.0.0.0/8, 1, true' }), [/: 1 is/, /: true is/])
})

t.test('SMS are left to workers only where there can be one', async (t) => {
  const redis = { REDIS_URL: 'redis://redis.example' }
  t.same(problemsOf({ SMS_DELIVERY: 'off', ...redis, ...carrier }), [])
  t.match(problemsOf({ SMS_DELIVERY: 'off', ...carrier }), [/^SMS_DELIVERY=off needs REDIS_URL/])
  t.match(problemsOf({ SMS_DELIVERY: 'off', ...redis }), [/^SMS_DELIVERY=off needs TWILIO_SID/])
})

t.test('a worker needs what it shares with services, and no database or storage', async (t) => {
  const { NODE_ENV, REDIS_URL, APP_SECRET, PHONE_HASH_SECRET } = production
  t.same(problemsOf({ REDIS_URL, ...carrier, HOST: '0.0.0.0' }, 'worker'), [])
  t.same(problemsOf({ NODE_ENV, REDIS_URL, APP_SECRET, PHONE_HASH_SECRET, ...carrier }, 'worker'), [])
  t.match(problemsOf({ NODE_ENV, ...carrier }, 'worker'), [/^REDIS_URL is missing/, /^APP_SECRET is missing/, /^PHONE_HASH_SECRET is missing/])
  t.match(problemsOf({ REDIS_URL, HOST: '0.0.0.0' }, 'worker'), [/a worker has no SMS inbox/])
  t.match(problemsOf({ REDIS_URL, TWILIO_SID: carrier.TWILIO_SID }, 'worker'), [/^TWILIO_API_KEY is missing/, /^TWILIO_PHONE_NUMBER/])
})
