import { randomBytes } from 'node:crypto'
import t from 'tap'
import { createPhone } from '../support/helper.ts'
import { until } from '../support/polling.ts'
import { call, readInbox, startOwnService, untilLogged } from '../support/program.ts'
import { openSentinels } from '../support/services/sentinel.ts'

/** Bound of a failover that the sentinels begin after half a second, on a loaded machine. */
const maximumOutageMs = 30_000

t.test('after the death of the master the service follows the sentinels, and no accepted SMS is lost', async (t) => {
  const { hosts, masterName, master } = await openSentinels(t)
  const { program, url } = await startOwnService(t, {
    REDIS_URL: `redis+sentinel://${hosts}/${masterName}`, DEPENDENCY_TIMEOUT_MS: '1000', PHONE_HASH_SECRET: randomBytes(24).toString('hex')
  })
  const signUp = async (phone: string) => await call(`${url}/signup`, { json: { name: 'Asha', phone_number: phone } })
  const early = createPhone()
  t.equal((await signUp(early)).status, 200)
  await until('the SMS arrives', async () => (await readInbox(url, early)).length === 1)

  const accepted: string[] = []
  const statuses = new Set<number>()
  process.kill(master.pid, 'SIGKILL')
  const started = performance.now()
  await until('sign-ups are accepted again', async () => {
    const phone = createPhone()
    const { status } = await signUp(phone)
    statuses.add(status)
    if (status === 200) accepted.push(phone)
    return accepted.length >= 20
  })
  const outage = performance.now() - started
  t.ok(outage < maximumOutageMs, `20 sign-ups were accepted ${Math.round(outage)} ms after the kill`)
  t.ok([...statuses].every((status) => status === 200 || status === 503), [...statuses].join())
  for (const phone of accepted) {
    await until('an accepted SMS arrives', async () => (await readInbox(url, phone)).length > 0)
    t.equal((await readInbox(url, phone)).length, 1, 'once')
  }
  t.equal((await call(`${url}/health/ready`)).status, 200)
  const otp = /\d{6}/.exec((await readInbox(url, early))[0] ?? '')?.[0]
  t.equal((await call(`${url}/verify`, { json: { phone_number: early, otp } })).status, 200, 'the code from before the failover is right')
  t.ok(await untilLogged(program, 'Redis answers again'))
  for (const line of program.output.trim().split('\n').filter((line) => !line.startsWith('{'))) t.notMatch(line, /redis|sentinel/i)
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)
})

t.test('servers and sentinels have passwords of their own', async (t) => {
  const { hosts, masterName } = await openSentinels(t, { password: 'server-secret', sentinelPassword: 'sentinel-secret' })
  const env = { LOG_LEVEL: 'info', START_WAIT_SECONDS: '20' }
  const { url } = await startOwnService(t, {
    ...env, REDIS_URL: `redis+sentinel://:server-secret@${hosts}/${masterName}?sentinelPassword=sentinel-secret`
  })
  t.equal((await call(`${url}/health/ready`)).status, 200)
})
