import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { createPhone } from '../support/helper.ts'
import { createCluster } from '../support/instances.ts'
import { until } from '../support/polling.ts'
import { listen } from '../support/sockets.ts'
import { tracesOf } from '../support/traces.ts'

const racers = 50

interface Reply { status: number, body: { token?: string, code?: string, data?: { id: number } } }

/** Each function starts the services of a setup, which share one database and, with `hasRedis`, one Redis. */
const setups: Record<string, (t: Test) => Promise<FastifyInstance[]>> = {
  'one instance, codes in memory': async (t) => [await (await createCluster(t)).start()],
  'one instance, codes in Redis': async (t) => [await (await createCluster(t, { hasRedis: true })).start()],
  'two instances on one database and Redis': async (t) => {
    const { start } = await createCluster(t, { hasRedis: true })
    return [await start(), await start()]
  }
}

/** Sends `count` concurrent requests over connections of their own, and distributes them over the instances. */
async function race (ports: number[], path: string, body: (racer: number) => object, count = racers): Promise<Reply[]> {
  return await Promise.all(Array.from({ length: count }, async (_none, racer) => {
    const response = await fetch(`http://127.0.0.1:${ports[racer % ports.length] ?? 0}${path}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body(racer))
    })
    return { status: response.status, body: await response.json() as Reply['body'] }
  }))
}

const withStatus = (responses: Reply[], status: number) => responses.filter((response) => response.status === status)

const messagesTo = (apps: FastifyInstance[], phone: string) => apps.flatMap((app) => app.carrier?.messages({ to: phone }) ?? [])

/** Returns the code of the newest SMS of all instances. */
async function readCode (apps: FastifyInstance[], phone: string, count = 1): Promise<string> {
  await until(`${count} SMS arrive`, () => messagesTo(apps, phone).length >= count)
  const [newest] = messagesTo(apps, phone).sort((first, second) => second.received_at.localeCompare(first.received_at))
  return /\d{6}/.exec(newest?.body ?? '')?.[0] ?? ''
}

/** Counts the SMS to a number after all instances are closed, so that none is in flight. */
async function countMessages (apps: FastifyInstance[], phone: string): Promise<number> {
  await Promise.all(apps.map(async (app) => { await app.close() }))
  return messagesTo(apps, phone).length
}

for (const [setup, start] of Object.entries(setups)) {
  t.test(`50 concurrent first sign-ups of one number create one user and send one SMS: ${setup}`, async (t) => {
    const apps = await start(t)
    const ports = await Promise.all(apps.map(listen))
    const phone = createPhone()
    const signups = await race(ports, '/signup', () => ({ name: 'Asha', phone_number: phone }))
    t.equal(withStatus(signups, 200).length, racers)
    const otp = await readCode(apps, phone)
    const merged = await race(ports, '/signup', () => ({ name: 'Asha', phone_number: phone, otp }))
    t.equal(withStatus(merged, 200).length, 1)
    t.equal(withStatus(merged, 409).filter(({ body }) => body.code === 'CHR_OTP_USED').length, racers - 1)
    t.match(await tracesOf(apps[0] as FastifyInstance), { users: 1, tokens: 1 })
    t.equal(await countMessages(apps, phone), 1)
  })

  t.test(`50 concurrent verifications of the right code create one user and one token: ${setup}`, async (t) => {
    const apps = await start(t)
    const ports = await Promise.all(apps.map(listen))
    const phone = createPhone()
    await race(ports.slice(0, 1), '/login', () => ({ phone_number: phone }))
    const otp = await readCode(apps, phone)
    const verifies = await race(ports, '/verify', (racer) => ({ name: `Asha ${racer}`, phone_number: phone, otp }))
    const [winner, ...others] = withStatus(verifies, 200)
    t.same(others, [])
    t.equal(withStatus(verifies, 409).filter(({ body }) => body.code === 'CHR_OTP_USED').length, racers - 1)
    t.match(await tracesOf(apps[0] as FastifyInstance), { users: 1, tokens: 1 })
    for (const app of apps) {
      const response = await app.inject({ url: '/protected', headers: { authorization: `Bearer ${winner?.body.token ?? ''}` } })
      t.equal(response.statusCode, 200, 'every instance accepts the token')
    }
    // The refused requests had the right code and do not count as failures, so the next code is sent and accepted at once.
    await race(ports, '/login', () => ({ phone_number: phone }))
    const repeated = await readCode(apps, phone, 2)
    t.equal(withStatus(await race(ports, '/verify', () => ({ phone_number: phone, otp: repeated })), 200).length, 1)
    t.match(await tracesOf(apps[0] as FastifyInstance), { users: 1, tokens: 2 })
  })

  t.test(`five of 50 concurrent wrong codes are checked, and the right one is then refused by the lockout: ${setup}`, async (t) => {
    const apps = await start(t)
    const ports = await Promise.all(apps.map(listen))
    const phone = createPhone()
    await race(ports, '/login', () => ({ phone_number: phone }))
    const otp = await readCode(apps, phone)
    const wrong = await race(ports, '/verify', (racer) => ({ name: 'Asha', phone_number: phone, otp: toWrongCode(otp, racer + 1) }))
    t.equal(withStatus(wrong, 401).length, 5)
    t.equal(withStatus(wrong, 429).filter(({ body }) => body.code === 'CHR_OTP_LOCKED').length, racers - 5)
    t.equal(withStatus(await race(ports, '/verify', () => ({ name: 'Asha', phone_number: phone, otp })), 429).length, racers)
    t.match(await tracesOf(apps[0] as FastifyInstance), { users: 0, tokens: 0 })
  })

  t.test(`a right code concurrent with the last permitted wrong one has a consistent outcome: ${setup}`, async (t) => {
    const apps = await start(t)
    const ports = await Promise.all(apps.map(listen))
    const outcomes = new Set<string>()
    for (let round = 0; round < 10; round++) {
      const phone = createPhone()
      await race(ports.slice(0, 1), '/login', () => ({ phone_number: phone }))
      const otp = await readCode(apps, phone)
      for (let count = 1; count < 5; count++) {
        await race(ports.slice(0, 1), '/verify', () => ({
          phone_number: phone, otp: toWrongCode(otp, count)
        }), 1)
      }
      const responses = await race(ports, '/verify', (racer) => ({
        name: 'Asha', phone_number: phone, otp: racer % 2 === round % 2 ? otp : toWrongCode(otp, 9)
      }), 2)
      const { rows } = await (apps[0] as FastifyInstance).pg.pool.query('select from users where phone_number = $1', [phone])
      const isSignedIn = withStatus(responses, 200).length === 1
      t.equal(rows.length, isSignedIn ? 1 : 0)
      // Either the right code was first and cleared the failures, or the number is locked and the code is revoked.
      const [after] = await race(ports.slice(0, 1), '/login', () => ({ phone_number: phone }), 1)
      t.equal(after?.status, isSignedIn ? 200 : 429)
      outcomes.add(isSignedIn ? 'in' : 'out')
    }
    t.comment(`outcomes: ${[...outcomes].join(', ')}`)
  })
}

const toWrongCode = (code: string, offset: number) => String((Number(code) + offset) % 1_000_000).padStart(6, '0')
