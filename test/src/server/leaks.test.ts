import { Redis } from 'ioredis'
import pg from 'pg'
import t from 'tap'
import { credentialsOf, openCarrier } from '../../support/carrier.ts'
import { creativeForm, formOf, formType } from '../../support/forms.ts'
import { createDatabase, serviceUrl } from '../../support/databases.ts'
import { createPhone } from '../../support/helper.ts'
import { exchangeRequest } from '../../support/jwts.ts'
import { until } from '../../support/polling.ts'
import { startOwnService } from '../../support/program.ts'

const ownAudience = 'https://login.example.com'

/** Returns every key and value of any type. */
async function dumpRedis (): Promise<string> {
  const redis = new Redis(serviceUrl('TEST_REDIS_URL'))
  const dump: unknown[] = []
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key)
    dump.push(key, type === 'hash' ? await redis.hgetall(key) : type === 'string' ? await redis.get(key) : type)
  }
  redis.disconnect()
  return JSON.stringify(dump)
}

/** Returns every row of every table; binary columns as hexadecimal text and as bytes. */
async function dumpDatabase (client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string }>('select tablename as name from pg_tables where schemaname = \'public\'')
  const dump = new Map<string, string>()
  for (const { name } of rows) {
    const { rows: [all] } = await client.query(`select coalesce(json_agg(to_json(${name})), '[]')::text as text from ${name}`)
    dump.set(name, all.text)
  }
  return dump
}

t.test('codes, tokens and complete numbers are only in users.phone_number and in the requests of their caller', async (t) => {
  const carrier = await openCarrier(t)
  const DATABASE_URL = await createDatabase(t)
  const env = {
    DATABASE_URL,
    REDIS_URL: serviceUrl('TEST_REDIS_URL'),
    LOG_LEVEL: 'trace',
    OTP_LENGTH: '10',
    LIMIT_SENDS_PER_PHONE_HOUR: '3',
    PUBLIC_URL: ownAudience,
    ...credentialsOf(carrier)
  }
  const { url, program } = await startOwnService(t, env)
  const secrets = new Map<string, string>()
  const refusals: Array<{ sent: string, answer: string }> = []

  async function ask (method: string, path: string, { json, token, form }: { json?: object, token?: string, form?: Buffer } = {}) {
    const body = form ?? (json === undefined ? null : JSON.stringify(json))
    const headers = {
      'user-agent': 'leak test',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === null ? {} : { 'content-type': form === undefined ? 'application/json' : formType })
    }
    const answer = await fetch(url + path, { method, headers, body })
    const text = await answer.text()
    if (answer.status >= 400) {
      refusals.push({
        sent: `${path}${json === undefined ? '' : JSON.stringify(json)}${token ?? ''}`,
        answer: `${text}${JSON.stringify([...answer.headers])}`
      })
    }
    return { status: answer.status, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, string> }
  }

  function recordSecret (what: string, secret: string): string {
    secrets.set(`${what} ${secrets.size}`, secret)
    return secret
  }

  function newPhone (): string {
    const phone = createPhone()
    recordSecret('number', phone.slice(1))
    recordSecret('national number', phone.slice(3))
    return phone
  }

  async function readCode (phone: string, count = 1): Promise<string> {
    await until(`${count} SMS`, () => carrier.messages({ to: phone }).length >= count)
    return recordSecret('code', /\d{10}/.exec(carrier.messages({ to: phone })[0]?.body ?? '')?.[0] ?? '')
  }

  async function signIn (phone: string, count = 1): Promise<{ token: string, device: string }> {
    await ask('POST', '/signup', { json: { name: 'Asha', phone_number: phone } })
    const { body } = await ask('POST', '/verify', { json: { phone_number: phone, otp: await readCode(phone, count) } })
    return { token: recordSecret('token', body['token'] ?? ''), device: recordSecret('device token', body['device_token'] ?? '') }
  }

  const [phone, moved, locked, failing] = [newPhone(), newPhone(), newPhone(), newPhone()]
  const { token, device } = await signIn(phone)
  const other = await signIn(phone, 2)

  // Wrong codes until the lockout, then the allowance of an invalid device token.
  await ask('POST', '/login', { json: { phone_number: locked } })
  const code = await readCode(locked)
  const wrong = recordSecret('wrong code', String((Number(code) + 1) % 10 ** 10).padStart(10, '0'))
  for (let count = 0; count < 6; count++) await ask('POST', '/verify', { json: { phone_number: locked, otp: wrong } })
  t.equal((await ask('POST', '/login', { json: { phone_number: locked, device_token: device } })).status, 429)
  t.equal((await ask('POST', '/verify', { json: { phone_number: locked, otp: code, device_token: device } })).status, 429)

  // A carrier that repeats the number in its refusal.
  carrier.faults.add({ to: failing, times: 1, fault: { kind: 'refuse', status: 400, code: 21211 } })
  await ask('POST', '/login', { json: { phone_number: failing } })

  // The account, its sessions, a change of number, and invalid requests of each kind.
  await ask('PATCH', '/me', { token, json: { name: '', version: 7 } })
  await ask('POST', '/me/phone-number', { token, json: { phone_number: moved } })
  await ask('POST', '/me/phone-number/verify', { token, json: { otp: wrong } })
  t.equal((await ask('POST', '/me/phone-number/verify', { token, json: { otp: await readCode(moved) } })).status, 200)
  t.equal((await ask('GET', '/protected', { token: other.token })).status, 401)
  await until('the old number is notified', () => carrier.messages({ to: phone }).length === 3)
  await ask('POST', '/me/phone-number', { token, json: { phone_number: newPhone() } })
  for (const path of [
    '/me', '/me/export', '/sessions', '/scheduled', '/protected'
  ]) t.equal((await ask('GET', path, { token })).status, 200, path)
  t.equal((await ask('POST', '/upload-creative', { token, form: formOf(creativeForm()) })).status, 200)
  await ask('DELETE', '/sessions/999999', { token })

  // A JWT for the service itself, used as a bearer token and, which is refused, exchanged again.
  const exchange = async (subject: string) => await fetch(`${url}/token`, {
    method: 'POST', body: new URLSearchParams(exchangeRequest(subject, { audience: ownAudience }).payload)
  })
  const jwt = recordSecret('JWT', (await (await exchange(token)).json() as { access_token: string }).access_token)
  t.equal((await ask('GET', '/protected', { token: jwt })).status, 200)
  t.equal((await exchange(jwt)).status, 400)
  await ask('GET', '/protected', { token: `${jwt}x` })
  await ask('GET', `/nope/${phone}?token=${token}&otp=${code}`)
  await ask('POST', '/verify', { json: { phone_number: phone, otp: code, token } })

  const database = new pg.Client({ connectionString: DATABASE_URL })
  await database.connect()
  const tables = await dumpDatabase(database)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const redis = await dumpRedis()
  await database.end()
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)

  const users = tables.get('users') ?? ''
  t.ok(users.includes(moved.slice(1)), 'users.phone_number contains the number')
  tables.set('users', users.replaceAll(/"phone_number":"[^"]*"/g, ''))
  const places = new Map([...tables, ['Redis', redis], ['metrics', metrics], ['log', program.output + program.errors]])
  t.ok(secrets.size >= 19, `${secrets.size} secrets`)
  t.ok(refusals.length >= 12, `${refusals.length} refusals`)
  for (const [what, secret] of secrets) {
    t.ok(secret.length >= 9, what)
    for (const spelling of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64').slice(0, -4)]) {
      for (const [place, text] of places) t.notOk(text.includes(spelling), `no ${what} in ${place}`)
    }
    for (const { sent, answer } of refusals) {
      t.notOk(answer.includes(secret) &&
      !sent.includes(secret), `no ${what} in a response to another client`)
    }
  }
})
