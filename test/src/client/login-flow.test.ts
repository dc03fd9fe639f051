import t, { type Test } from 'tap'
import { createClient, createLoginFlow, type DeviceTokens, type LoginFlowOptions } from '../../../src/client/index.ts'
import { build, createPhone, readCode, signUp } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'
import { listen } from '../../support/sockets.ts'

const app = await build(t)
const baseUrl = `http://127.0.0.1:${await listen(app)}`
const client = createClient({ baseUrl })

function keepTokens (): DeviceTokens & { kept: string | undefined } {
  return {
    kept: undefined,
    get () { return this.kept },
    set (token) { this.kept = token }
  }
}

function open (t: Test, options: Partial<LoginFlowOptions> = {}) {
  const flow = createLoginFlow({ client, ...options })
  t.teardown(flow.close)
  return flow
}

const wrong = (code: string) => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))

t.test('a new number passes all steps, and listeners see each change', async (t) => {
  const phone = createPhone()
  const deviceTokens = keepTokens()
  const flow = open(t, { deviceTokens })
  const steps: string[] = []
  const end = flow.subscribe(({ step, isBusy }) => steps.push(`${step}${isBusy ? ' busy' : ''}`))
  t.match(flow.state, { step: 'number', isBusy: false, phoneNumber: '' })
  t.equal(flow.resendIn(), 0)
  await flow.requestCode(`  ${phone} `)
  t.match(flow.state, { step: 'code', isBusy: false, phoneNumber: `  ${phone} ` })
  t.equal(flow.resendIn(), 30)
  await flow.submitCode(await readCode(app, phone))
  t.match(flow.state, { step: 'name', isBusy: false })
  t.notOk(flow.state.problem)
  end()
  await flow.submitName('Asha')
  t.match(flow.state, { step: 'done', isBusy: false, signedIn: { data: { name: 'Asha', phone_number: phone }, token: /^[A-Z2-7]{26}$/ } })
  t.equal(deviceTokens.kept, flow.state.signedIn?.device_token)
  t.same(steps, ['number busy', 'code busy', 'code', 'code busy', 'name busy', 'name'])
})

t.test('a known number needs no name, and its device token is sent', async (t) => {
  const { phone, deviceToken } = await signUp(app)
  const deviceTokens = keepTokens()
  await deviceTokens.set(deviceToken)
  const bodies: unknown[] = []
  const watched = createClient({
    baseUrl,
    fetch: async (request) => {
      if (request.method === 'POST') bodies.push(await request.clone().json())
      return await fetch(request)
    }
  })
  const flow = open(t, { client: watched, deviceTokens, locale: 'hi' })
  await flow.requestCode(phone)
  await flow.submitCode(await readCode(app, phone, 2))
  t.equal(flow.state.step, 'done')
  t.match(bodies, [{ device_token: deviceToken, locale: 'hi' }, { device_token: deviceToken }])
  t.equal(deviceTokens.kept, flow.state.signedIn?.device_token)
})

t.test('an SMS that fails ends the countdown to the next one', async (t) => {
  const phone = createPhone()
  app.carrier?.faults.add({ fault: { kind: 'refuse', status: 400, code: 21211 }, to: phone, times: 1 })
  const flow = open(t)
  await flow.requestCode(phone)
  t.ok(flow.resendIn() > 0)
  await until('the delivery fails', () => flow.state.delivery?.status === 'failed')
  t.match(flow.state, { step: 'code', delivery: { reason: 'number_invalid' } })
  t.equal(flow.resendIn(), 0)
})

t.test('failures are cases that a page can act on', async (t) => {
  const phone = createPhone()
  const flow = open(t)
  await flow.requestCode('12')
  t.match(flow.state, { step: 'number', problem: { kind: 'number', code: 'CHR_PHONE_INVALID', message: /phone number/ } })
  await flow.requestCode('')
  t.match(flow.state, { step: 'number', problem: { kind: 'number', code: 'CHR_VALIDATION' } })
  await flow.requestCode(phone)
  t.notOk(flow.state.problem, 'a success removes the problem')
  await flow.resend()
  t.match(flow.state, { step: 'code', isBusy: false, phoneNumber: phone })
  t.ok(flow.resendIn() > 0)
  const code = await readCode(app, phone)
  await flow.submitCode(wrong(code))
  t.match(flow.state, { step: 'code', problem: { kind: 'wrong_code', code: 'CHR_OTP_INVALID' } })
  await flow.submitCode('12ab')
  t.match(flow.state, { step: 'code', problem: { kind: 'wrong_code', code: 'CHR_VALIDATION' } })
  await flow.submitCode(code)
  await flow.submitName('\u202e')
  t.match(flow.state, { step: 'name', problem: { kind: 'name', code: 'CHR_VALIDATION' } })
  await flow.submitName('Asha')
  t.equal(flow.state.step, 'done')
  await flow.submitCode(code)
  t.match(flow.state, { problem: { kind: 'used_code', code: 'CHR_OTP_USED' } })
})

t.test('wrong codes lead to a lockout with its end', async (t) => {
  const { phone } = await signUp(app)
  const flow = open(t)
  await flow.requestCode(phone)
  const code = await readCode(app, phone, 2)
  while (flow.state.problem?.kind !== 'wait') await flow.submitCode(wrong(code))
  t.match(flow.state, { step: 'code', problem: { code: 'CHR_OTP_LOCKED' } })
  t.ok(Number(flow.state.problem?.retryAt) > Date.now())
})

t.test('a limit leads to a wait with its end, and leaves the step', async (t) => {
  const limited = await build(t, { env: { LIMIT_SENDS_PER_PHONE_HOUR: '1' } })
  const phone = createPhone()
  const flow = open(t, { client: createClient({ baseUrl: `http://127.0.0.1:${await listen(limited)}` }) })
  await flow.requestCode(phone)
  const otp = await readCode(limited, phone)
  await flow.submitCode(otp)
  await flow.submitName('Asha')
  flow.restart()
  await flow.requestCode(phone)
  t.match(flow.state, { step: 'number', problem: { kind: 'wait', code: 'CHR_RATE_LIMITED' } })
  t.ok(Number(flow.state.problem?.retryAt) > Date.now())
})

t.test('a code that is refused after its time is expired', async (t) => {
  let lead = 0
  const flow = open(t, { now: () => Date.now() + lead })
  await flow.requestCode(createPhone())
  lead = 301_000
  await flow.submitCode('000000')
  t.match(flow.state.problem, { kind: 'expired_code', code: 'CHR_OTP_INVALID' })
  t.equal(flow.resendIn(), 0)
})

t.test('a service that does not answer is offline, and one that fails is unavailable', async (t) => {
  const offline = open(t, { client: createClient({ baseUrl: 'http://127.0.0.1:1' }) })
  await offline.requestCode(createPhone())
  t.same(offline.state.problem, { kind: 'offline' })
  const answers = (status: number, body: object, headers = {}) => createClient({
    baseUrl, fetch: async () => Response.json(body, { status, headers })
  })
  const failure = { error: 'Later.', code: 'CHR_UNAVAILABLE', request_id: 'a' }
  const cases: Array<[number, object, object]> = [
    [503, failure, { kind: 'unavailable', message: 'Later.', retryAt: 1000 + 5000 }],
    [500, { ...failure, code: 'CHR_NEW' }, { kind: 'unavailable', code: 'CHR_NEW' }],
    [418, { ...failure, code: 'CHR_NEW' }, { kind: 'refused', code: 'CHR_NEW' }]
  ]
  for (const [status, body, problem] of cases) {
    const flow = open(t, { client: answers(status, body, status === 503 ? { 'retry-after': '5' } : {}), now: () => 1000 })
    await flow.requestCode(createPhone())
    t.match(flow.state.problem, problem, String(status))
  }
})

t.test('a flow can ask for a cookie in place of the token', async (t) => {
  const { phone } = await signUp(app)
  const bodies: unknown[] = []
  const sameOrigin = createClient({
    baseUrl,
    async fetch (request) {
      if (request.url.endsWith('/verify')) bodies.push(await request.clone().json())
      request.headers.set('origin', 'http://127.0.0.1:4000')
      return await fetch(request)
    }
  })
  const flow = open(t, { client: sameOrigin, session: 'cookie' })
  await flow.requestCode(phone)
  await flow.submitCode(await readCode(app, phone, 2))
  t.match(bodies, [{ session: 'cookie' }])
  t.equal(flow.state.step, 'done')
  t.equal(flow.state.signedIn?.token, undefined)
})

t.test('a second tap during a request does nothing', async (t) => {
  const phone = createPhone()
  const flow = open(t)
  await Promise.all([flow.requestCode(phone), flow.requestCode(phone)])
  t.match(flow.state, { step: 'code' })
  t.notOk(flow.state.problem)
  await readCode(app, phone)
  t.equal(app.carrier?.messages({ to: phone }).length, 1)
})

t.test('the state of the SMS is followed until it is delivered', async (t) => {
  const flow = open(t)
  await flow.requestCode(createPhone())
  await until('the state arrives', () => flow.state.delivery?.status === 'delivered')
  t.match(flow.state.delivery, { channel: 'sms', message: /./ })
  flow.restart()
  t.match(flow.state, { step: 'number', isBusy: false })
  t.notOk(flow.state.delivery)
})

t.test('a client sends its token, its language and the credentials mode', async (t) => {
  const { token } = await signUp(app)
  const requests: Request[] = []
  const me = createClient({
    baseUrl,
    token: () => token,
    language: 'de',
    credentials: 'include',
    fetch: async (request) => {
      requests.push(request)
      return await fetch(request)
    }
  })
  const { data } = await me.GET('/me')
  t.equal(data?.data.name, 'Asha')
  t.equal(requests[0]?.headers.get('accept-language'), 'de')
  t.equal(requests[0]?.credentials, 'include')
  const anonymous = await client.GET('/me')
  t.match(anonymous.error, { code: 'CHR_UNAUTHENTICATED' })
})
