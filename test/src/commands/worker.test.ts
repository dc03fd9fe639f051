import t, { type Test } from 'tap'
import { credentialsOf, openCarrier } from '../../support/carrier.ts'
import { createEnvironment, createPhone } from '../../support/helper.ts'
import { share } from '../../support/outbox.ts'
import { until } from '../../support/polling.ts'
import { call, logOf, startProgram, startService, untilLogged } from '../../support/program.ts'

t.jobs = 2

const command = 'src/commands/worker.ts'

/** Starts a carrier emulator, and returns the environment that a service and its workers share. */
async function setUp (t: Test) {
  const carrier = await openCarrier(t)
  return {
    carrier,
    env: {
      ...share(), ...credentialsOf(carrier), LOG_LEVEL: 'info', DATA_DIR: t.testdir(), PUBLIC_URL: 'https://login.example.com'
    }
  }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`a worker sends what a service queues, without a database, and ends on ${signal}`, async (t) => {
    const { carrier, env } = await setUp(t)
    const service = await startService(t, { env: await createEnvironment(t, { ...env, PORT: '0', SMS_DELIVERY: 'off' }) })
    const phone = createPhone()
    const signUp = async (phone: string) => (await call(`${service.url}/signup`, { json: { name: 'Asha', phone_number: phone } })).status
    t.equal(await signUp(phone), 200)

    // A worker ignores SMS_DELIVERY.
    const workers = [0, 1].map(() => startProgram(t, command, { hasCoverage: true, env: { ...env, SMS_DELIVERY: 'off' } }))
    for (const worker of workers) await untilLogged(worker, 'SMS worker started')
    await until('the queued SMS arrives', () => carrier.messages({ to: phone }).length === 1)
    const phones = Array.from({ length: 20 }, createPhone)
    t.same(await Promise.all(phones.map(signUp)), phones.map(() => 200))
    await until('all SMS arrive', () => carrier.messages().length === phones.length + 1)
    t.match(carrier.messages()[0]?.status_callback, /^https:\/\/login\.example\.com\//)
    t.equal(logOf(service.program).filter(({ msg }) => msg === 'SMS sent').length, 0)

    for (const worker of workers) {
      worker.signal(signal)
      t.equal(await worker.wait(), 0)
      t.equal(logOf(worker).at(-1)?.msg, 'SMS worker stopped')
    }
    t.equal(carrier.messages().length, phones.length + 1)
  })
}

t.test('a worker with a port serves its metrics and health, and no other route', async (t) => {
  const { carrier, env } = await setUp(t)
  const service = await startService(t, { env: await createEnvironment(t, { ...env, PORT: '0', SMS_DELIVERY: 'off' }) })
  const worker = await startService(t, { hasCoverage: true, program: command, env: { ...env, WORKER_PORT: '0' } })
  await call(`${service.url}/signup`, { json: { name: 'Asha', phone_number: createPhone() } })
  await until('the SMS arrives', () => carrier.messages().length === 1)
  const readMetrics = async () => await (await fetch(`${worker.url}/metrics`)).text()
  await until('the SMS is counted', async () => (await readMetrics()).includes('cheershare_sms_total{outcome="sent"} 1'))
  t.match(await readMetrics(), /cheershare_sms_deliveries_total\{status="sent",provider="twilio",country="IN"[^}]*\} 1/)
  t.match(await call(`${worker.url}/health/live`), { status: 200, body: { status: 'live' } })
  t.match(await call(`${worker.url}/health/ready`), { status: 200, body: { status: 'ready', dependencies: { redis: 'up' } } })
  for (const path of ['/signup', '/docs', '/']) {
    t.match(await call(`${worker.url}${path}`), {
      status: 404, body: { code: 'CHR_NOT_FOUND' }
    }, path)
  }
  t.match(await call(`${worker.url}/metrics`, { json: {} }), { status: 405 })

  const second = startProgram(t, command, { hasCoverage: true, env: { ...env, WORKER_PORT: String(worker.port) } })
  t.equal(await second.wait(), 1)
  t.equal(second.errors, `port ${worker.port} is taken: stop what listens there, or set WORKER_PORT\n`)
  worker.program.signal('SIGTERM')
  t.equal(await worker.program.wait(), 0)
})

t.test('close awaits an SMS in flight', async (t) => {
  const { carrier, env } = await setUp(t)
  carrier.faults.add({ fault: { kind: 'delay', ms: 1500 } })
  const service = await startService(t, { env: await createEnvironment(t, { ...env, PORT: '0', SMS_DELIVERY: 'off' }) })
  const worker = startProgram(t, command, { hasCoverage: true, env: { ...env, PUBLIC_URL: undefined } })
  await untilLogged(worker, 'PUBLIC_URL is unset')
  await call(`${service.url}/signup`, { json: { name: 'Asha', phone_number: createPhone() } })
  await until('the carrier has received the SMS', () => carrier.messages().length === 1)
  worker.signal('SIGTERM')
  t.match(await untilLogged(worker, 'completing background tasks'), { outstanding: 1 })
  t.equal(await worker.wait(), 0)
  t.match(logOf(worker).map(({ msg }) => msg).slice(-2), ['SMS sent', 'SMS worker stopped'])
})

t.test('a worker that waits for Redis can be stopped, and fails after START_WAIT_SECONDS', async (t) => {
  const { env } = await setUp(t)
  const away = { ...env, REDIS_URL: 'redis://127.0.0.1:1' }
  const waiting = startProgram(t, command, { hasCoverage: true, env: away })
  await untilLogged(waiting, 'Redis cannot be reached')
  waiting.signal('SIGTERM')
  t.equal(await waiting.wait(), 0)
  const givenUp = startProgram(t, command, { hasCoverage: true, env: { ...away, START_WAIT_SECONDS: '0' } })
  t.equal(await givenUp.wait(), 1)
  t.match(givenUp.errors, /^Redis could not be reached within 0 s: /)
})

t.test('a worker without Redis or without a carrier refuses to start', async (t) => {
  const program = startProgram(t, command, { hasCoverage: true, env: {} })
  t.equal(await program.wait(), 1)
  t.match(
    program.errors,
    /^The configuration is not usable:\n {2}- REDIS_URL is missing: .*\n {2}- TWILIO_SID, .* are missing: a worker has no SMS inbox\./
  )
})
