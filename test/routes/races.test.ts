import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { createPhone } from '../support/helper.ts'
import { createCluster } from '../support/instances.ts'
import { until } from '../support/polling.ts'
import { listen } from '../support/sockets.ts'
import { tracesOf } from '../support/traces.ts'

const racers = 50

interface Answer { status: number, body: { token?: string, code?: string, data?: { id: number } } }

/** Starts the services of a set-up, which share a database and, where there are several, a Redis. */
const setups: Record<string, (t: Test) => Promise<FastifyInstance[]>> = {
  'one instance, codes in memory': async (t) => [await (await createCluster(t)).start()],
  'one instance, codes in Redis': async (t) => [await (await createCluster(t, { hasRedis: true })).start()],
  'two instances on one database and Redis': async (t) => {
    const { start } = await createCluster(t, { hasRedis: true })
    return [await start(), await start()]
  }
}

/** The same request so often at once, over connections of its own, dealt out to the instances in turn. */
async function race (ports: number[], path: string, body: (racer: number) => object, count = racers): Promise<Answer[]> {
  return await Promise.all(Array.from({ length: count }, async (_none, racer) => {
    const response = await fetch(`http://127.0.0.1:${ports[racer % ports.length] ?? 0}${path}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body(racer))
    })
    return { status: response.status, body: await response.json() as Answer['body'] }
  }))
}

const withStatus = (answers: Answer[], status: number) => answers.filter((answer) => answer.status === status)

const messagesTo = (apps: FastifyInstance[], phone: string) => apps.flatMap((app) => app.carrier?.messages({ to: phone }) ?? [])

/** The code of the newest SMS, whichever instance sent it. */
async function readCode (apps: FastifyInstance[], phone: string, count = 1): Promise<string> {
  await until(`${count} SMS arrived`, () => messagesTo(apps, phone).length >= count)
  const [newest] = messagesTo(apps, phone).sort((first, second) => second.received_at.localeCompare(first.received_at))
  return /\d{6}/.exec(newest?.body ?? '')?.[0] ?? ''
}

/** Counted when nothing can be under way any more. */
async function countMessages (apps: FastifyInstance[], phone: string): Promise<number> {
  await Promise.all(apps.map(async (app) => { await app.close() }))
  return messagesTo(apps, phone).length
}

for (const [setup, start] of Object.entries(setups)) {
  t.test(`50 first sign-ups of one number at once make one user and one SMS: ${setup}`, async (t) => {
    const apps = await start(t)
    const ports = await Promise.all(apps.map(listen))
    const phone = createPhone()
    const signups = await race(ports, '/signup', () => ({ name: 'Asha', phone_number: phone }))
    t.equal(withStatus(signups, 200).length, racers)
    const otp = await readCode(apps, phone)
    const merged = await race(ports, '/signup', () => ({ name: 'Asha', phone_number: phone, otp }))
    t.equal(withStatus(merged, 200).length, 1)
    t.equal(withStatus(merged, 401).length, racers - 1)
    t.match(await tracesOf(apps[0] as FastifyInstance), { users: 1, tokens: 1 })
    t.equal(await countMessages(apps, phone), 1)
  })

  t.test(`50 verifies of the right code at once make one user and one token: ${setup}`, async (t) => {
    const apps = await start(t)
    const ports = await Promise.all(apps.map(listen))
    const phone = createPhone()
    await race(ports.slice(0, 1), '/login', () => ({ phone_number: phone }))
    const otp = await readCode(apps, phone)
    const verifies = await race(ports, '/verify', (racer) => ({ name: `Asha ${racer}`, phone_number: phone, otp }))
    const [winner, ...others] = withStatus(verifies, 200)
    t.same(others, [])
    t.equal(withStatus(verifies, 401).filter(({ body }) => body.code === 'CHR_OTP_INVALID').length, racers - 1)
    t.match(await tracesOf(apps[0] as FastifyInstance), { users: 1, tokens: 1 })
    for (const app of apps) {
      const response = await app.inject({ url: '/protected', headers: { authorization: `Bearer ${winner?.body.token ?? ''}` } })
      t.equal(response.statusCode, 200, 'the token is good everywhere')
    }
    // The losers were right: none of them counted as a failure, so the next code is sent and taken at once.
    await race(ports, '/login', () => ({ phone_number: phone }))
    const repeated = await readCode(apps, phone, 2)
    t.equal(withStatus(await race(ports, '/verify', () => ({ phone_number: phone, otp: repeated })), 200).length, 1)
    t.match(await tracesOf(apps[0] as FastifyInstance), { users: 1, tokens: 2 })
  })

  t.test(`of 50 wrong codes at once five count, and the right one then waits: ${setup}`, async (t) => {
    const apps = await start(t)
    const ports = await Promise.all(apps.map(listen))
    const phone = createPhone()
    await race(ports, '/login', () => ({ phone_number: phone }))
    const otp = await readCode(apps, phone)
    const wrong = await race(ports, '/verify', (racer) => ({ name: 'Asha', phone_number: phone, otp: wrongly(otp, racer + 1) }))
    t.equal(withStatus(wrong, 401).length, 5)
    t.equal(withStatus(wrong, 429).filter(({ body }) => body.code === 'CHR_OTP_LOCKED').length, racers - 5)
    t.equal(withStatus(await race(ports, '/verify', () => ({ name: 'Asha', phone_number: phone, otp })), 429).length, racers)
    t.match(await tracesOf(apps[0] as FastifyInstance), { users: 0, tokens: 0 })
  })

  t.test(`the right code that races the last permitted wrong one has one consistent outcome: ${setup}`, async (t) => {
    const apps = await start(t)
    const ports = await Promise.all(apps.map(listen))
    const outcomes = new Set<string>()
    for (let round = 0; round < 10; round++) {
      const phone = createPhone()
      await race(ports.slice(0, 1), '/login', () => ({ phone_number: phone }))
      const otp = await readCode(apps, phone)
      for (let count = 1; count < 5; count++) await race(ports.slice(0, 1), '/verify', () => ({ phone_number: phone, otp: wrongly(otp, count) }), 1)
      const answers = await race(ports, '/verify', (racer) => ({ name: 'Asha', phone_number: phone, otp: racer % 2 === round % 2 ? otp : wrongly(otp, 9) }), 2)
      const { rows } = await (apps[0] as FastifyInstance).pg.pool.query('select from users where phone_number = $1', [phone])
      const isIn = withStatus(answers, 200).length === 1
      t.equal(rows.length, isIn ? 1 : 0)
      // Either it was first and all failures are forgotten, or the number waits and the code is over.
      const [after] = await race(ports.slice(0, 1), '/login', () => ({ phone_number: phone }), 1)
      t.equal(after?.status, isIn ? 200 : 429)
      outcomes.add(isIn ? 'in' : 'out')
    }
    t.comment(`outcomes: ${[...outcomes].join(', ')}`)
  })
}

const wrongly = (code: string, by: number) => String((Number(code) + by) % 1_000_000).padStart(6, '0')
