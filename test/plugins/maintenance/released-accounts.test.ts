import { mock } from 'node:test'
import t, { type Test } from 'tap'
import { deleteReleasedAccounts } from '../../../plugins/maintenance/released-accounts.ts'
import { createCreative } from '../../support/forms.ts'
import { build, createClock, readCode, signUp } from '../../support/helper.ts'
import { confirmChange, requestChange } from '../../support/phone-changes.ts'
import { until } from '../../support/polling.ts'
import { storedFiles } from '../../support/traces.ts'

const dayMs = 86_400_000

/** Signs up accounts with an image each, and lets one further account take all their numbers over, one after the other. */
async function release (t: Test, count: number) {
  const clock = createClock(Math.floor(Date.now() / 1000) * 1000)
  const app = await build(t, { clock, env: { SWEEP_SECONDS: '0', SCRUB_SECONDS: '0' } })
  const mover = await signUp(app)
  await createCreative(app, mover)
  for (let index = 0; index < count; index++) {
    const owner = await signUp(app)
    await createCreative(app, owner)
    await requestChange(app, mover, owner.phone)
    t.equal((await confirmChange(app, mover, await readCode(app, owner.phone, 2), true)).status, 200)
  }
  return { app, clock, mover }
}

t.test('a released account is deleted with its data and images after 30 days, and no other account is', async (t) => {
  const { app, clock, mover } = await release(t, 1)
  clock.advance(30 * dayMs)
  t.equal(await deleteReleasedAccounts(app), 0)
  t.equal((await storedFiles(app)).length, 6)
  clock.advance(1000)
  const events = t.capture(app.securityLog, 'record', app.securityLog.record)
  t.equal(await deleteReleasedAccounts(app), 1)
  t.match(events().map(({ args }) => args), [['account.deleted', { userId: mover.userId + 1 }]])
  for (const table of ['users', 'creatives', 'images', 'usages']) t.equal((await app.pg.pool.query(`select from ${table}`)).rowCount, 1, table)
  t.equal((await storedFiles(app)).length, 3)
})

t.test('an account that another instance has deleted meanwhile is not counted', async (t) => {
  const { app, clock } = await release(t, 2)
  clock.advance(31 * dayMs)
  const { deleteDiscarded } = app.imageQuota
  const counts: number[] = []
  const interception = t.intercept(app.imageQuota, 'deleteDiscarded', {
    value: async (images: string[]) => {
      interception.restore()
      counts.push(await deleteReleasedAccounts(app))
      await deleteDiscarded(images)
    }
  })
  counts.push(await deleteReleasedAccounts(app))
  t.same(counts, [1, 1])
})

t.test('an aborted run deletes nothing', async (t) => {
  const { app, clock } = await release(t, 1)
  clock.advance(31 * dayMs)
  t.equal(await deleteReleasedAccounts(app, AbortSignal.abort()), 0)
  t.equal((await app.pg.pool.query('select from users')).rowCount, 2)
})

t.test('each instance deletes released accounts every hour', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const { app, clock } = await release(t, 1)
  clock.advance(31 * dayMs)
  mock.timers.tick(3_600_000)
  await until('the account is gone', async () => (await app.pg.pool.query('select from users')).rowCount === 1)
})
