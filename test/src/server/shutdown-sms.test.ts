import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Fault } from '../../../src/carrier/faults.ts'
import { credentialsOf, openCarrier } from '../../support/carrier.ts'
import { createPhone } from '../../support/helper.ts'
import { call, logOf, startOwnService, untilLogged } from '../../support/program.ts'
import { promptMs, until } from '../../support/polling.ts'

t.jobs = 2

/** Starts a service with one SMS in flight to a carrier that fails or hangs. */
async function startWithOutstandingSms (t: Test, fault: Fault, env: Record<string, string> = {}) {
  const carrier = await openCarrier(t)
  carrier.faults.add({ fault })
  const service = await startOwnService(t, { ...credentialsOf(carrier), ...env }, { hasCoverage: true })
  const { status } = await call(`${service.url}/signup`, { json: { name: 'Asha', phone_number: createPhone() } })
  t.equal(status, 200, 'the reply does not wait for the SMS')
  return { carrier, ...service }
}

t.test('the shutdown waits for an SMS in flight', async (t) => {
  const { program, carrier } = await startWithOutstandingSms(t, { kind: 'delay', ms: 1500 })
  await until('the carrier has received the SMS', () => carrier.messages().length === 1)
  program.signal('SIGTERM')
  t.match(await untilLogged(program, 'completing background tasks'), { outstanding: 1 })
  t.equal(await program.wait(), 0)
  t.match(logOf(program).map(({ msg }) => msg).slice(-3), ['completing background tasks', 'SMS sent', 'server stopped'])
})

t.test('a failed SMS is attempted again before the shutdown ends', async (t) => {
  const { program, carrier } = await startWithOutstandingSms(t, { kind: 'refuse', status: 429, code: 20429 })
  await untilLogged(program, 'SMS attempt failed')
  carrier.faults.clear()
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)
  t.equal(carrier.messages().length, 1)
  t.match(logOf(program).map(({ msg }) => msg).slice(-2), ['SMS sent', 'server stopped'])
})

t.test('an SMS that takes longer than SHUTDOWN_SMS_SECONDS is abandoned and logged', async (t) => {
  const { program } = await startWithOutstandingSms(t, { kind: 'hang', accept: false }, { SHUTDOWN_SMS_SECONDS: '1' })
  const started = performance.now()
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)
  const milliseconds = performance.now() - started
  t.ok(milliseconds > 900 && milliseconds < promptMs, `after ${Math.round(milliseconds)} ms`)
  t.match(await untilLogged(program, 'SMS left unsent'), { abandoned: 1 })
})

for (const [first, second] of [['SIGTERM', 'SIGTERM'], ['SIGTERM', 'SIGINT'], ['SIGINT', 'SIGINT']] as const) {
  t.test(`${second} after ${first} ends the service at once`, async (t) => {
    const { program } = await startWithOutstandingSms(t, { kind: 'hang', accept: false }, { SHUTDOWN_SMS_SECONDS: '25' })
    program.signal(first)
    await untilLogged(program, 'completing background tasks')
    // An echo of the first signal would arrive sooner.
    if (first === second) await sleep(400)
    const started = performance.now()
    program.signal(second)
    t.equal(await program.wait(), 130)
    t.ok(performance.now() - started < promptMs)
    t.notMatch(program.output, 'server stopped')
  })
}
