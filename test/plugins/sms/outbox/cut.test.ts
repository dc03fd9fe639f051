import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { credentialsOf, openCarrier } from '../../../support/carrier.ts'
import { createEnvironment, createPhone } from '../../../support/helper.ts'
import { share } from '../../../support/outbox.ts'
import { until } from '../../../support/polling.ts'
import { call, startProgram, startService, untilLogged } from '../../../support/program.ts'
import { spyOnRedis } from '../../../support/connection-spy.ts'

t.jobs = 2

const clients = 8
const pauseMs = 60

/** Starts clients that sign up one number after another, and retry while the service answers 503. */
function startClients (url: string) {
  const accepted: string[] = []
  const stopping = new AbortController()
  let refused = 0

  async function signUp (phone: string): Promise<void> {
    for (;;) {
      const { status } = await call(`${url}/signup`, { json: { name: 'Asha', phone_number: phone } })
      if (status === 200) break
      if (status !== 503) throw new Error(`POST /signup answered ${status}`)
      refused += 1
      await sleep(pauseMs)
    }
    accepted.push(phone)
  }

  async function run (): Promise<void> {
    for (; !stopping.signal.aborted; await sleep(pauseMs)) await signUp(createPhone())
  }

  const running = Promise.all(Array.from({ length: clients }, run))
  return {
    accepted,
    get refused () { return refused },
    async stop () {
      stopping.abort()
      await running
    }
  }
}

/** Counts the SMS that wait, are in flight or are delayed. */
async function countJobs (url: string): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text()
  const depths = [...page.matchAll(/^cheershare_sms_queue_depth\{[^}]*\} (\d+)$/gm)]
  if (depths.length !== 3) return NaN
  return depths.reduce((sum, [, depth]) => sum + Number(depth), 0)
}

for (const seconds of [3, 20]) {
  t.test(`no accepted SMS is lost or sent twice when Redis is unavailable for ${seconds} s under load, with a service and a worker`, async (t) => {
    const { proxy, env: proxied } = await spyOnRedis(t)
    const carrier = await openCarrier(t)
    carrier.faults.add({ fault: { kind: 'delay', ms: 150 } })
    const env = { ...share(), ...proxied, ...credentialsOf(carrier), SMS_COUNTRIES: '*', LOG_LEVEL: 'info' }
    const service = await startService(t, { env: await createEnvironment(t, { ...env, PORT: '0' }) })
    const worker = startProgram(t, 'src/commands/worker.ts', { env: { ...env, DATA_DIR: t.testdir() } })
    await untilLogged(worker, 'SMS worker started')

    const load = startClients(service.url)
    await until('some sign-ups are accepted', () => load.accepted.length >= 30)
    await proxy.cut()
    await sleep(seconds * 1000)
    t.ok(load.refused > 0, 'sign-ups are refused during the outage')
    const before = load.accepted.length
    await proxy.restore()
    await until('sign-ups are accepted again', () => load.accepted.length >= before + 20)
    await load.stop()
    const arrived = () => new Map(load.accepted.map((phone) => [phone, carrier.messages({ to: phone }).length]))
    await until('every accepted number has an SMS', () => ![...arrived().values()].includes(0))
    await until('the queue is empty, so that no job can run again', async () => await countJobs(service.url) === 0)
    t.same([...arrived()].filter(([, count]) => count !== 1), [], `of ${load.accepted.length} accepted`)
    t.ok(load.accepted.length < 1000, 'the emulator retains the last 1000 messages')
  })
}
