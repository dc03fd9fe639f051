import pg from 'pg'
import t from 'tap'
import { credentialsOf, openCarrier } from '../../support/carrier.ts'
import { creativeForm, formOf, formType, type UploadedCreative } from '../../support/forms.ts'
import { createDatabase } from '../../support/databases.ts'
import { createPhone } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'
import { call, logOf, startOwnService } from '../../support/program.ts'

t.test('valid and invalid requests to all routes leave no code, token, number, name or signature in the log', async (t) => {
  const carrier = await openCarrier(t)
  const DATABASE_URL = await createDatabase(t)
  const { url, program } = await startOwnService(t, { DATABASE_URL, LOG_LEVEL: 'trace', OTP_LENGTH: '10', ...credentialsOf(carrier) })
  const [phone, broken] = [createPhone(), createPhone()]
  const secrets = new Map([
    ['number', phone.slice(1)], ['national number', phone.slice(3)], ['other number', broken.slice(3)], ['name', 'Ashalata']
  ])

  async function readCode (to: string, count = 1): Promise<string> {
    await until(`${count} SMS to ${to}`, () => carrier.messages({ to }).length >= count)
    return /\d{10}/.exec(carrier.messages({ to })[0]?.body ?? '')?.[0] ?? ''
  }
  const post = async (path: string, json: object) => await call(url + path, { json })

  carrier.faults.add({ to: phone, times: 1, fault: { kind: 'refuse', status: 429, code: 20429 } })
  await post('/signup', { name: 'Ashalata', phone_number: phone })
  const otp = await readCode(phone)
  secrets.set('code', otp)
  const wrong = String((Number(otp) + 1) % 10 ** 10).padStart(10, '0')
  secrets.set('wrong code', wrong)
  t.equal((await post('/verify', { phone_number: phone, otp: wrong })).status, 401)
  const { body: session } = await post('/verify', { phone_number: phone, otp })
  const token = String(session['token'])
  secrets.set('token', token)
  const authorization = `Bearer ${token}`

  const upload = await fetch(`${url}/upload-creative`, {
    method: 'POST', headers: { authorization, 'content-type': formType }, body: formOf(creativeForm())
  })
  const { creative } = await upload.json() as { creative: UploadedCreative }
  const signature = new URL(creative.creative_url).searchParams.get('signature') ?? ''
  secrets.set('signature', signature)
  const { pathname, search } = new URL(creative.creative_url)
  t.equal((await fetch(url + pathname + search)).status, 200)
  t.equal((await fetch(`${url}${pathname}${search}x`)).status, 404)
  t.equal((await call(`${url}/scheduled`, { headers: { authorization } })).status, 200)
  const { body: feed } = await call(`${url}/me/calendar-feed`, { json: {}, headers: { authorization } })
  const address = new URL(String(feed['url']))
  secrets.set('key of a feed', address.searchParams.get('key') ?? '')
  for (const [tail, status] of [
    ['', 200], ['x', 404], ['&key=twice', 400], ['%ff', 404]
  ] as const) t.equal((await fetch(`${url}/calendar.ics${address.search}${tail}`)).status, status)
  t.equal((await fetch(`${url}/nowhere${address.search}`)).status, 404)
  t.equal((await call(`${url}/protected`, { headers: { authorization: `Basic ${token}` } })).status, 401)
  t.equal((await call(`${url}/nope/${phone}?otp=${otp}&token=${token}`)).status, 404)
  t.equal((await call(`${url}/scheduled?token=${token}`, { headers: { authorization } })).status, 400)
  t.equal((await post(`/verify?token=${token}`, { phone_number: phone, otp, token })).status, 400)
  const headers = { 'content-type': 'application/json' }
  for (const body of [`{"otp":"${otp}","phone_number":"${phone}"`, `${otp}${phone}`, `{"${token}`]) {
    t.equal((await fetch(`${url}/verify`, { method: 'POST', headers, body })).status, 400)
  }

  // PostgreSQL adds the whole row to this error.
  const database = new pg.Client({ connectionString: DATABASE_URL })
  await database.connect()
  await database.query("alter table users add constraint no_broken_names check (name <> 'Broken')")
  await post('/signup', { name: 'Broken', phone_number: broken })
  const brokenCode = await readCode(broken)
  secrets.set('code of a failure', brokenCode)
  t.match(await post('/verify', { phone_number: broken, otp: brokenCode }), { status: 500, body: { code: 'CHR_INTERNAL' } })
  await database.end()

  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)
  const lines = logOf(program)
  const expected = [
    'SMS attempt failed', 'SMS sent', 'request refused', 'request completed', 'The service failed to process the request.', 'server stopped'
  ]
  for (const message of expected) {
    t.ok(lines.some(({ msg }) => msg === message), `"${message}" is in the log`)
  }
  t.ok(program.output.includes('no_broken_names'), 'the reason of a failure is logged')
  const log = program.output + program.errors
  for (const [what, secret] of secrets) {
    t.ok(secret.length >= 7, what)
    t.notOk(log.includes(secret), `no ${what} in the log`)
  }
})
