import { inspect } from 'node:util'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import carrierPlugin from '../../../../plugins/sms/carrier.ts'
import health from '../../../../plugins/platform/health.ts'
import metrics from '../../../../plugins/platform/metrics/index.ts'
import redis from '../../../../plugins/platform/redis/index.ts'
import sms from '../../../../plugins/sms/providers/index.ts'
import type { AnswerFault } from '../../../../src/carrier/faults.ts'
import { credentialsOf, openCarrier } from '../../../support/carrier.ts'
import { compose } from '../../../support/compose.ts'
import { failureOf, message } from '../../../contracts/sms-provider.ts'
import { openGateway } from '../../../support/gateway.ts'
import { serviceUrl } from '../../../support/databases.ts'
import { createClock } from '../../../support/helper.ts'

const plugins = [metrics, health, redis, carrierPlugin, sms]
const [warn, alert] = [40, 50]
const refuse = (status: number, code: number): AnswerFault => ({ kind: 'refuse', status, code })

/** Composes the provider Twilio with the webhook as its fallback. */
async function open (t: Test, env: Record<string, string> = {}) {
  const [carrier, gateway] = [await openCarrier(t), await openGateway(t)]
  const clock = createClock()
  const { app, log } = await compose(t, plugins, {
    clock,
    env: {
      ...credentialsOf(carrier),
      SMS_PROVIDERS: 'twilio,webhook',
      SMS_WEBHOOK_URL: gateway.url,
      SMS_WEBHOOK_SECRET: gateway.secret,
      SMS_WEBHOOK_ALLOW_PRIVATE: 'on',
      ...env
    }
  })
  return { app, log, clock, carrier, gateway }
}

async function countsOf ({ metrics: { registry } }: FastifyInstance): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).matchAll(/^cheershare_sms_attempts_total\{provider="(\w+)",outcome="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...lines].filter(([, , , count]) => count !== '0').map(([, provider, outcome, count]) => [
    `${provider} ${outcome}`, Number(count)
  ]))
}

t.test('an SMS reaches the emulator through the Twilio client, and its id is returned', async (t) => {
  const { app } = await compose(t, plugins)
  const { provider, messageId } = await app.sms.send(message)
  t.equal(provider, 'twilio')
  t.match(app.carrier?.messages(), [{ sid: messageId, to: message.to, from: '+15005550006', body: message.text }])
})

for (const [what, fault, outcome] of [
  ['is throttled', refuse(429, 20429), 'busy'],
  ['has wrong credentials', refuse(401, 20003), 'sender'],
  ['does not serve the country', refuse(400, 21408), 'refused']
] as const) {
  t.test(`failover: when Twilio ${what}, the webhook sends the same message`, async (t) => {
    const { app, carrier, gateway } = await open(t)
    carrier.faults.add({ fault, times: 1 })
    t.same(await app.sms.send(message), { provider: 'webhook', messageId: 'gateway-1' })
    t.same(carrier.messages(), [])
    t.same(gateway.acceptedTexts(), [message.text])
    t.same(await countsOf(app), { [`twilio ${outcome}`]: 1, 'webhook sent': 1 })
  })
}

t.test('failover: the webhook sends while Twilio refuses connections, until it recovers', async (t) => {
  const { app, carrier, gateway } = await open(t)
  await carrier.close()
  for (let count = 0; count < 15; count++) t.match(await app.sms.send(message), { provider: 'webhook' })
  t.equal(gateway.acceptedTexts().length, 15)
  t.same(await countsOf(app), { 'twilio unreachable': 10, 'webhook sent': 15 }, 'the open circuit skips the other attempts')
})

t.test('a message to a number that sent STOP is not sent through another provider', async (t) => {
  const { app, carrier, gateway } = await open(t)
  carrier.faults.add({ fault: refuse(400, 21610) })
  t.match(await failureOf(t, app.sms.send(message)), { failure: 'recipient', reason: 'opted_out' })
  t.same(gateway.requests, [])
})

t.test('a message that may have been sent is not sent through another provider', async (t) => {
  const { app, carrier, gateway } = await open(t)
  carrier.faults.add({ fault: { kind: 'cut', accept: true }, times: 1 })
  t.match(await failureOf(t, app.sms.send(message)), { failure: 'ambiguous' })
  t.equal(carrier.messages().length, 1)
  t.same(gateway.requests, [])
})

t.test('wrong credentials cause one alert for fifty messages, and degraded health until a probe succeeds', async (t) => {
  const { app, log, clock, carrier } = await open(t, { SMS_PROVIDERS: 'twilio' })
  const stateOf = async () => (await app.health.report()).get('sms:twilio')
  t.equal(await stateOf(), 'up')
  carrier.faults.add({ fault: refuse(401, 20003) })
  t.match(await failureOf(t, app.sms.send(message)), { failure: 'sender' })
  for (let count = 1; count < 50; count++) t.match(await failureOf(t, app.sms.send(message)), { failure: 'closed' })
  t.equal(await stateOf(), 'degraded')
  const alerts = () => log.filter(({ level }) => level >= alert)
  t.match(alerts(), [{ provider: 'twilio', status: 401, carrierCode: 20003, msg: /^SMS provider suspended/ }])
  t.notMatch(inspect(log, { depth: 9 }), message.to.slice(1))
  t.same(await countsOf(app), { 'twilio sender': 1 })
  carrier.faults.clear()
  clock.advance(60_000)
  t.match(await app.sms.send(message), { provider: 'twilio' })
  t.equal(await stateOf(), 'up')
  t.equal(alerts().length, 1)
  t.equal(log.filter(({ msg }) => msg === 'SMS provider works again').length, 1)
})

t.test('every instance reports a suspension, and the alert is logged once', async (t) => {
  const env = { REDIS_URL: serviceUrl('TEST_REDIS_URL') }
  const [one, other] = [await open(t, env), await open(t, env)]
  t.teardown(async () => { await one.app.redis.del('sms:stopped:twilio') })
  for (const { app, carrier } of [one, other]) {
    carrier.faults.add({ fault: refuse(401, 20003) })
    await app.sms.send(message)
    for (const { app: each } of [one, other]) {
      t.match(await each.health.report(), new Map([
        ['redis', 'up'], ['sms:twilio', 'degraded'], ['sms:webhook', 'up']
      ]))
    }
  }
  t.equal([...one.log, ...other.log].filter(({ level }) => level >= alert).length, 1)
})

t.test('SMS_WEBHOOK_ALLOW_PRIVATE=on logs a warning if the webhook provider is selected', async (t) => {
  const warnings = ({ log }: Awaited<ReturnType<typeof open>>) => log.filter(({ level }) => level >= warn).map(({ msg }) => msg)
  t.match(warnings(await open(t)), [/^SMS_WEBHOOK_ALLOW_PRIVATE=on: SMS_WEBHOOK_URL MAY LEAD TO PRIVATE ADDRESSES/])
  t.same(warnings(await open(t, { SMS_PROVIDERS: 'twilio' })), [])
  t.same(warnings(await open(t, { SMS_WEBHOOK_ALLOW_PRIVATE: 'off', SMS_WEBHOOK_URL: 'https://sms.example' })), [])
})
