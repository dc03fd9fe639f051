import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openOutbox, share } from '../../outbox.ts'
import { wireRedis } from '../../wires.ts'

/** More than the test runner's own come and go. */
const instances = 6
/** Alone in its process, whose timers it counts. */
const countTimers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length

/** BullMQ waits 5 s for a job, and one more for the answer, before it connects anew. */
for (const awayMs of [0, 6500]) {
  t.test(`a close leaves neither timers nor connections behind when Redis went away ${awayMs} ms before`, async (t) => {
    const { proxy, env: wire } = await wireRedis(t)
    const timers = countTimers()
    const opened = await Promise.all(Array.from({ length: instances }, async () => await openOutbox(t, { env: { ...share(), ...wire } })))
    await proxy.cut()
    await sleep(awayMs)
    await Promise.all(opened.map(async ({ app }) => { await app.close() }))
    await proxy.restore()
    await sleep(1500)
    t.equal(proxy.connections, 0)
    t.ok(countTimers() < timers + instances, `${countTimers()} timers`)
  })
}
