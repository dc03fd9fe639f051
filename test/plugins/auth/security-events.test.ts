import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { securityEvents } from '../../../plugins/auth/security-events.ts'
import { build, createPhone, postJson, readCode, signUp, type Session } from '../../support/helper.ts'

type Line = Record<string, unknown> & { event: string }

function collect (t: Test, app: FastifyInstance): Line[] {
  const lines: Line[] = []
  t.intercept(app.log, 'info', { value: (...[line, message]: [Line, string]) => { if (message === 'security event') lines.push(line) } })
  return lines
}

async function requestAs (
  app: FastifyInstance, { authorization }: Session, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object
): Promise<void> {
  const { statusCode } = await app.inject({ method, url, headers: { authorization }, ...(payload === undefined ? {} : { payload }) })
  if (statusCode !== 200) throw new Error(`${method} ${url}: ${statusCode}`)
}

t.test('every step of an account records its event, with the number masked and hashed', async (t) => {
  const app = await build(t)
  const lines = collect(t, app)
  const events = () => lines.splice(0).map(({ event }) => event)
  const session = await signUp(app)
  t.same(lines[0], {
    event: 'otp.sent',
    phone: `${session.phone.slice(0, 3)}*******${session.phone.slice(-3)}`,
    phoneHash: app.secrets.hashPhone(session.phone),
    isTest: false
  })
  t.same(events(), ['otp.sent', 'otp.verified', 'account.created', 'login.succeeded'])

  await postJson(app, '/login', { phone_number: session.phone })
  await postJson(app, '/login', { phone_number: session.phone })
  const otp = await readCode(app, session.phone, 2)
  const wrong = otp === '000000' ? '000001' : '000000'
  for (let count = 0; count < 6; count++) await postJson(app, '/verify', { phone_number: session.phone, otp: wrong })
  t.match(lines.at(-1), { event: 'otp.refused', reason: 'locked' })
  t.same(events(), ['otp.sent', 'otp.repeated', ...Array(5).fill('otp.failed'), 'otp.refused'])

  const nameless = createPhone()
  await postJson(app, '/login', { phone_number: nameless })
  await postJson(app, '/verify', { phone_number: nameless, otp: await readCode(app, nameless) })
  t.same(events(), ['otp.sent', 'otp.name_required'])

  const [first, second] = [createPhone(), createPhone()]
  await requestAs(app, session, 'PATCH', '/me', { name: 'Usha', version: 1 })
  await requestAs(app, session, 'POST', '/me/phone-number', { phone_number: first })
  await requestAs(app, session, 'DELETE', '/me/phone-number/pending')
  await requestAs(app, session, 'POST', '/me/phone-number', { phone_number: second })
  await requestAs(app, session, 'POST', '/me/phone-number/verify', { otp: await readCode(app, second) })
  await requestAs(app, session, 'GET', '/me/export')
  t.same(events(), [
    'account.changed', 'otp.sent', 'phone_change.requested', 'phone_change.cancelled', 'otp.sent', 'phone_change.requested',
    'otp.verified', 'phone_change.completed', 'account.exported'
  ])
  await requestAs(app, session, 'DELETE', '/sessions')
  await requestAs(app, session, 'POST', '/logout')
  const other = await signUp(app)
  events()
  await requestAs(app, other, 'DELETE', '/sessions?all=true')
  const last = await signUp(app)
  events()
  await requestAs(app, last, 'DELETE', '/me')
  t.same(events(), ['account.deleted'])
})

t.test('each event has a counter that starts at zero', async (t) => {
  const app = await build(t)
  const count = async (event: string) => Number(
    new RegExp(`^cheershare_security_events_total\\{event="${event}",is_test="false"\\} (\\d+)$`, 'm').exec(await app.metrics.expose())?.[1]
  )
  for (const event of securityEvents) t.equal(await count(event), 0, event)
  await signUp(app)
  for (const event of ['otp.sent', 'otp.verified', 'account.created', 'login.succeeded']) t.equal(await count(event), 1, event)
})

t.test('docs/security.md lists exactly the existing events', async (t) => {
  const page = await readFile('docs/security.md', 'utf8')
  const [section = ''] = /(?<=^## Security events\n)[^]*?(?=^## )/m.exec(page) ?? []
  const [, list = ''] = section.trim().split('\n\n')
  const names = [...list.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, name]) => name)
  t.same(names, securityEvents)
})

t.test('event names never change', async (t) => {
  t.same(securityEvents, [
    'otp.sent', 'otp.repeated', 'otp.refused', 'otp.failed', 'otp.used', 'otp.name_required', 'otp.verified', 'account.created',
    'account.changed', 'account.exported', 'account.deleted', 'account.released', 'login.succeeded', 'session.ended',
    'phone_change.requested', 'phone_change.completed', 'phone_change.cancelled', 'phone_change.taken', 'phone.unlocked'
  ])
})
