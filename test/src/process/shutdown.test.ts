import t, { type Test } from 'tap'
import { drain } from '../../../src/process/shutdown.ts'
import { compose } from '../../support/compose.ts'
import { createClock } from '../../support/helper.ts'

/** Starts a drain; `state` tells whether it has ended. */
async function start (t: Test, env: Record<string, string>) {
  const clock = createClock()
  const { app, log } = await compose(t, [], { env, clock })
  const end = new AbortController()
  const state = { hasEnded: false }
  const draining = drain(app, end.signal).then(() => { state.hasEnded = true })
  return { clock, log, end, state, draining }
}

t.test('a drain takes DRAIN_SECONDS', async (t) => {
  const { clock, log, state, draining } = await start(t, { DRAIN_SECONDS: '4' })
  t.match(log, [{ level: 30, seconds: 4 }])
  clock.advance(3999)
  await new Promise(setImmediate)
  t.equal(state.hasEnded, false)
  clock.advance(1)
  await draining
})

t.test('a drain ends when it is aborted', async (t) => {
  const { end, state, draining } = await start(t, { DRAIN_SECONDS: '4' })
  await new Promise(setImmediate)
  t.equal(state.hasEnded, false)
  end.abort()
  await draining
})

t.test('DRAIN_SECONDS=0, the default outside production, closes at once', async (t) => {
  for (const env of [{}, { DRAIN_SECONDS: '0' }] as Array<Record<string, string>>) {
    const { clock, log, draining } = await start(t, env)
    await draining
    t.equal(clock.sleeping, 0)
    t.same(log, [])
  }
})
