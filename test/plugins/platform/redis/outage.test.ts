import t from 'tap'
import { createPhone } from '../../../support/helper.ts'
import { isPrompt, isPromptRefusal, sinceNow } from '../../../support/outage.ts'
import { until } from '../../../support/polling.ts'
import { call, readInbox, signUpAt, startOwnService, untilLogged } from '../../../support/program.ts'
import { spyOnRedis } from '../../../support/connection-spy.ts'

const { proxy, env } = await spyOnRedis(t)
const { program, url } = await startOwnService(t, env)
const headers = await signUpAt(url)

const getReadiness = async () => await call(`${url}/health/ready`)
const login = async (phone: string) => await call(`${url}/login`, { json: { phone_number: phone } })
const untilRecovered = async () => { await until('the service has recovered', async () => (await getReadiness()).status === 200) }

for (const [fault, begin] of [['is unreachable', proxy.cut], ['is frozen', async () => { proxy.freeze() }]] as const) {
  t.test(`while Redis ${fault}, sends and verifications are refused, other requests work, and the service recovers`, async (t) => {
    const [known, phone] = [createPhone(), createPhone()]
    await call(`${url}/signup`, { json: { name: 'Asha', phone_number: known } })
    await until('the SMS arrives', async () => (await readInbox(url, known)).length === 1)
    const otp = /\d{6}/.exec((await readInbox(url, known))[0] ?? '')?.[0]
    await begin()

    for (const answer of await Promise.all(Array.from({ length: 20 }, async () => await login(phone)))) isPromptRefusal(t, answer, 'a send')
    isPromptRefusal(t, await call(`${url}/signup`, { json: { name: 'Asha', phone_number: phone } }), 'a sign-up')
    isPromptRefusal(t, await call(`${url}/verify`, { json: { phone_number: known, otp, name: 'Asha' } }), 'a right code')
    const ready = await getReadiness()
    isPromptRefusal(t, ready, 'readiness')
    t.match(ready.body['details'], [{ path: 'redis' }])
    isPrompt(t, await call(`${url}/health/live`), 'liveness')
    isPrompt(t, await call(`${url}/protected`, { headers }), 'a token')
    t.ok(await untilLogged(program, 'Redis does not answer'))

    await proxy.restore()
    await untilRecovered()
    t.same(await readInbox(url, phone), [], 'no SMS was sent')
    t.equal((await login(phone)).status, 200)
    await until('the refused send did not count, and the SMS arrives now', async () => (await readInbox(url, phone)).length === 1)
    t.equal((await call(`${url}/verify`, { json: { phone_number: known, otp, name: 'Asha' } })).status, 200, 'the code is still valid')
    t.ok(await untilLogged(program, 'Redis answers again'))
  })
}

t.test('a request that waits for a frozen Redis answers at once when the connection breaks', async (t) => {
  proxy.freeze()
  const running = login(createPhone())
  await call(`${url}/health/live`)
  await proxy.cut()
  const [answer, since] = await sinceNow(running)
  isPromptRefusal(t, answer, 'a send', since)
  await proxy.restore()
  await untilRecovered()
})

t.test('a shutdown while Redis is frozen ends with exit code 0', async (t) => {
  proxy.freeze()
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)
})
