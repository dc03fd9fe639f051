import t from 'tap'
import { certificate, key } from '../../fixtures/tls.ts'
import { carrier, findProblems, production, type Environment } from '../../support/config-problems.ts'

/** Values that are refused on their own, by variable. */
const refused: Record<string, string[]> = {
  PORT: ['x', '-1', '65536', '40.5'],
  DATABASE_URL: ['x', 'mysql://db', '//db', 'localhost:5432'],
  REDIS_URL: [
    'x', 'http://redis', 'redis://one,two', 'localhost:6379', 'redis://redis?x=y', 'redis+sentinel://one', 'redis+sentinel://one,/main',
    'rediss://redis?ca=/no/such/file'
  ],
  REDIS_CA: ['/no/such/file', '/dev/null'],
  REDIS_ALLOW_EVICTION: ['yes'],
  STORAGE_URL: [
    'x', '/srv/uploads', 's4://bucket', 'http://storage',
    'file:uploads', 'file:', 'file:/', 'file://', 'file:///', 'file://host/srv', 'file:/srv?x', 'file:/srv#x', 'file:/srv%2Fuploads',
    's3:', 's3://', 's3:bucket', 's3:///prefix', 's3://Bucket', 's3://b', 's3://bucket_1', 's3://bucket:9000',
    's3://key:secret@bucket', 's3://key@bucket',
    's3://bucket/a b', 's3://bucket/a%2Fb', 's3://bucket//a', 's3://bucket/ü', 's3://bucket#x',
    's3://bucket?acl=public', 's3://bucket?region=a&region=b', 's3://bucket?region=EU', 's3://bucket?region=', 's3://bucket?path_style=yes',
    's3://bucket?endpoint=storage:9000', 's3://bucket?endpoint=x', 's3://bucket?endpoint=ftp://x', 's3://bucket?endpoint=http://k:s@x',
    's3://bucket?endpoint=http://k@x', 's3://bucket?endpoint=http://x%3Fa', 's3://bucket?endpoint=http://x%23a'
  ],
  DATABASE_SCHEMA: ['Public', 'pg_catalog', 'a-b', '1a', 'a'.repeat(64), 'x";drop'],
  PUBLIC_URL: ['x', 'ftp://example.com', 'example.com'],
  APP_SECRET: ['short', 'a'.repeat(31), `${'a'.repeat(32)},short`],
  PHONE_HASH_SECRET: ['short', 'p'.repeat(31)],
  DEFAULT_REGION: ['in', 'IND', 'I', 'XX', '91'],
  DEFAULT_TIME_ZONE: ['x', '+05:30', 'Mars/Olympus'],
  SMS_COUNTRIES: ['XX', 'in', 'IN,XX', 'IN,*'],
  OTP_TEST_NUMBERS: [
    'x', '+918123456789', '+918123456789:1234', '+918123456789:123:2030-01-01', '+918123456789:12a4:2030-01-01',
    '+918123456789:1234:2030-02-30',
    '8123456789:1234:2030-01-01', '+91 8123456789, 9123456789:1234:2030-01-01', '+911123456789:1234:2030-01-01', '+918123456789:1234:2030-01-01:x',
    '+918123456789:1234:2030-01-01,+918123456789:5678:2030-01-01'
  ],
  SMS_BRAND: ['x'.repeat(21), 'Café Ñandú', '{code}', 'a\nb', 'Привет'],
  OTP_AUTOFILL_DOMAIN: [
    'https://example.com', 'example', 'Example.com', 'example.com/x', 'example.com:443', '-a.com', 'a..com', `${'a.'.repeat(130)}com`
  ],
  OTP_ANDROID_APP_HASH: ['FA+9qCX9VS', 'FA+9qCX9VSu1', 'FA-9qCX9VSu'],
  SMS_TEMPLATES: ['{', '/no/such/file', '{"english": "x"}'],
  JWT_AUDIENCES: ['https://a.example,b c', 'ü', 'x'.repeat(256)],
  JWT_ALGORITHM: ['RS256', 'none'],
  JWT_CLAIMS: ['{', 'constructor', '{"sub": "{user_id}"}', '{"a": "{email}"}'],
  JWT_TTL_SECONDS: ['59', '901'],
  JWT_KEY_DAYS: ['1', '3651'],
  JWT_STATELESS: ['yes'],
  CORS_HEADERS: ['x y', 'x:', 'x-ok, "x"'],
  CORS_ORIGINS: ['*', 'example.com', 'https://example.com/', 'https://example.com/app', 'https://ok.example,x', 'null', 'https://*'],
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
  DRAIN_SECONDS: ['-1', '3601', '1.5', 'x'],
  SHUTDOWN_SECONDS: ['-1', '3601'],
  SHUTDOWN_UPLOAD_SECONDS: ['-1', '3601'],
  SHUTDOWN_SMS_SECONDS: ['-1', '3601'],
  QUOTA_BYTES_PER_USER: ['-1', 'x'],
  LIMIT_SENDS_PER_DAY: ['-1', 'x', '1.5'],
  UPLOAD_MAX_BYTES: ['0', '65535', '52428801', '10 MiB'],
  IMAGE_MEMORY_BYTES: ['0', '67108863', '4294967297', '192 MiB'],
  DATABASE_POOL_SIZE: ['2', '1001', 'x'],
  DEPENDENCY_TIMEOUT_MS: ['99', '60001', 'x']
}

for (const [name, values] of Object.entries(refused)) {
  t.test(`an invalid ${name} is refused by name`, async (t) => {
    const others = name.startsWith('TWILIO') ? carrier : {}
    for (const value of values) {
      const problems = findProblems({ ...others, [name]: value })
      t.ok(problems.length > 0, `${name}=${value}`)
      for (const problem of problems) t.ok(problem.startsWith(name), problem)
    }
  })
}

t.test('valid values are accepted', async (t) => {
  const accepted: Environment[] = [
    { DATABASE_URL: 'postgres://u:p@db/x' }, { DATABASE_URL: 'postgresql://db/x?host=/run' },
    { REDIS_URL: 'redis://:p@redis:6379/1' }, { REDIS_URL: 'rediss://one, rediss://two' },
    { REDIS_URL: 'redis+sentinel://one:1,two:2/main' }, { REDIS_URL: 'rediss://one', REDIS_CA: certificate },
    { REDIS_URL: 'rediss+sentinel://one/main', REDIS_CERT: certificate, REDIS_KEY: key },
    { STORAGE_URL: 'file:/srv/uploads' }, { STORAGE_URL: 'file:///srv/uploads' },
    { STORAGE_URL: 's3://bucket' },
    { STORAGE_URL: 's3://my.bucket-1/a/b_c/?endpoint=https://s3.example.com:9000/x&region=eu-west-1&path_style=off' },
    { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x' },
    { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 'y' },
    { PUBLIC_URL: 'https://example.com/app/' }, { CORS_ORIGINS: 'https://app.example,http://localhost:3000' }, { CORS_HEADERS: 'X-Tenant, x-b3' }, { JWT_AUDIENCES: 'https://a.example, orders' }, { JWT_ALGORITHM: 'EdDSA' },
    { JWT_CLAIMS: 'hasura' }, { JWT_CLAIMS: '{"role": "{user_id}"}' }, { JWT_TTL_SECONDS: '60' }, { JWT_KEY_DAYS: '2' }, { CORS_HEADERS: '*' },
    { APP_SECRET: `${'a'.repeat(32)},${'b'.repeat(40)}` }, { PHONE_HASH_SECRET: 'p'.repeat(32) },
    { DEFAULT_REGION: 'GB', DEFAULT_TIME_ZONE: 'Asia/Kolkata', SMS_COUNTRIES: 'IN,GB' }, { SMS_COUNTRIES: '*' },
    { PORT: '0' }, { PORT: '65535' }, { OTP_LENGTH: '4' }, { OTP_LENGTH: '10' }, { START_WAIT_SECONDS: '0', SHUTDOWN_SECONDS: '0' },
    { ...carrier, TWILIO_API_BASE_URL: 'http://127.0.0.1:1' }
  ]
  for (const env of accepted) t.strictSame(findProblems(env), [], JSON.stringify(env))
})

t.test('certificates of Redis need an encrypted connection, and a client certificate needs its key', async (t) => {
  const encrypted = { REDIS_URL: 'rediss://redis' }
  const unencrypted: Environment[] = [{ REDIS_CA: certificate }, { REDIS_URL: 'redis://redis', REDIS_CA: certificate }]
  for (const env of unencrypted) {
    t.match(findProblems(env), [/^REDIS_CA has no effect, because REDIS_URL does not begin with rediss:/])
  }
  const halves: Environment[] = [{ REDIS_CERT: certificate }, { REDIS_KEY: key }]
  for (const env of halves) {
    t.match(findProblems({ ...encrypted, ...env }), [/^REDIS_CERT and REDIS_KEY belong together/])
  }
})

t.test('credentials of S3 are set completely or not at all', async (t) => {
  t.match(findProblems({ AWS_ACCESS_KEY_ID: 'AKIA' }), [/^AWS_SECRET_ACCESS_KEY is missing/])
  t.match(findProblems({ AWS_SECRET_ACCESS_KEY: 'x' }), [/^AWS_ACCESS_KEY_ID is missing/])
  t.match(findProblems({ AWS_SESSION_TOKEN: 'y' }), [/^AWS_ACCESS_KEY_ID is missing/])
})

t.test('a problem does not repeat secrets', async (t) => {
  const secret = 'hunter2'
  const envs: Environment[] = [
    { DATABASE_URL: `mysql://user:${secret}@db` }, { REDIS_URL: `http://:${secret}@redis` }, { APP_SECRET: secret },
    { PHONE_HASH_SECRET: secret },
    { ...carrier, TWILIO_API_KEY: secret, TWILIO_SID: 'SK' }, { TWILIO_API_KEY: secret }, { STORAGE_URL: `s4://${secret}@bucket` },
    { STORAGE_URL: `s3://key:${secret}@bucket` }, { STORAGE_URL: `s3://bucket?${secret}=x` },
    { STORAGE_URL: `s3://bucket?endpoint=http://k:${secret}@x` },
    { AWS_SECRET_ACCESS_KEY: secret }
  ]
  for (const env of envs) {
    const problems = findProblems(env)
    t.ok(problems.length > 0)
    t.notMatch(problems.join(), secret)
  }
})

t.test('production refuses each embedded default by name', async (t) => {
  t.strictSame(findProblems({ ...production, ...carrier }), [])
  for (const name of [...Object.keys(production).slice(1), 'TWILIO_SID']) {
    const { [name]: _, ...rest }: Environment = { ...production, ...carrier }
    const problems = findProblems(rest)
    t.ok(problems.some((problem) => problem.startsWith(`${name} is missing`)), `${name}: ${problems.join()}`)
  }
  t.equal(findProblems({ NODE_ENV: 'production' }).length, 6, 'all problems are reported together')
})

t.test('in production a list of blanks counts as unset', async (t) => {
  for (const name of ['REDIS_URL', 'APP_SECRET']) {
    for (const blank of [',', ' , ,']) {
      t.match(findProblems({ ...production, ...carrier, [name]: blank }), [new RegExp(`^${name} is missing`)], `${name}=${blank}`)
    }
  }
})

/**
 * The configurations that may start: without credentials the inbox replaces the carrier on a loopback address, or on another one
 * with DEV_INBOX=on, and never in production.
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
        const problems = findProblems({
          ...others, ...credentials, NODE_ENV: mode, HOST: host, ...(value === undefined ? {} : { DEV_INBOX: value })
        })
        if (isAccepted) return t.strictSame(problems, [])
        t.equal(problems.length, 1)
        t.match(problems[0], /^TWILIO_SID\b.* missing/)
        if (mode !== 'production') t.match(problems[0], `HOST=${host} can be reached from other machines`)
      })
    }
  }
}

t.test('TOKEN_MAX_SECONDS may equal TOKEN_TTL_SECONDS but not be less', async (t) => {
  const env = { TOKEN_TTL_SECONDS: '60', TOKEN_MAX_SECONDS: '59' }
  t.match(findProblems(env), [/^TOKEN_MAX_SECONDS is 59, which is less than TOKEN_TTL_SECONDS \(60\)/])
  t.strictSame(findProblems({ ...env, TOKEN_MAX_SECONDS: '60' }), [])
  t.match(findProblems({ TOKEN_TTL_SECONDS: '7776001' }), [/^TOKEN_MAX_SECONDS is 7776000/], 'the default of TOKEN_MAX_SECONDS counts too')
  t.strictSame(findProblems({ TOKEN_MAX_SECONDS: '172800' }), [], 'the default of TOKEN_TTL_SECONDS does not count')
})

t.test('TRUST_PROXY accepts addresses and networks', async (t) => {
  const values = [
    '10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '10.0.0.0/32, ::1/128 ,192.168.0.0/16', 'loopback', 'loopback, linklocal,uniquelocal'
  ]
  for (const value of values) {
    t.strictSame(findProblems({ TRUST_PROXY: value }), [], value)
  }
})

t.test('TRUST_PROXY as a number of hops, true or anything else is refused with the reason', async (t) => {
  const values = [
    '1', '2', 'true', 'false', '10.0.0.0/33', '::1/129', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1',
    '10.0.0.0/a', '10.0.0', '*', '/8'
  ]
  for (const value of values) {
    const [problem, ...more] = findProblems({ TRUST_PROXY: value })
    t.match(problem, `TRUST_PROXY: ${value} is not an address or CIDR range`)
    t.match(problem, 'a number of hops or "true" would trust an address that the client wrote')
    t.strictSame(more, [])
  }
  t.match(findProblems({ TRUST_PROXY: '10.0.0.0/8, 1, true' }), [/: 1 is/, /: true is/])
  t.match(findProblems({ TRUST_PROXY: '0.0.0.0/0' }), [/^TRUST_PROXY: 0\.0\.0\.0\/0 contains every client/])
})

t.test('SMS_DELIVERY=off needs Redis and a provider', async (t) => {
  const redis = { REDIS_URL: 'redis://redis.example' }
  t.same(findProblems({ SMS_DELIVERY: 'off', ...redis, ...carrier }), [])
  t.match(findProblems({ SMS_DELIVERY: 'off', ...carrier }), [/^SMS_DELIVERY=off needs REDIS_URL/])
  t.match(findProblems({ SMS_DELIVERY: 'off', ...redis }), [/^SMS_DELIVERY=off needs TWILIO_SID/])
})

t.test('a worker needs the settings it shares with services, and no database or storage', async (t) => {
  const { NODE_ENV, REDIS_URL, APP_SECRET, PHONE_HASH_SECRET } = production
  t.same(findProblems({ REDIS_URL, ...carrier, HOST: '0.0.0.0' }, 'worker'), [])
  t.same(findProblems({ NODE_ENV, REDIS_URL, APP_SECRET, PHONE_HASH_SECRET, ...carrier }, 'worker'), [])
  t.match(findProblems({ NODE_ENV, ...carrier }, 'worker'), [
    /^REDIS_URL is missing/, /^APP_SECRET is missing/, /^PHONE_HASH_SECRET is missing/
  ])
  t.match(findProblems({ REDIS_URL, HOST: '0.0.0.0' }, 'worker'), [/a worker has no SMS inbox/])
  t.match(findProblems({ REDIS_URL, TWILIO_SID: carrier.TWILIO_SID }, 'worker'), [/^TWILIO_API_KEY is missing/, /^TWILIO_PHONE_NUMBER/])
})
