import fc from 'fast-check'
import t from 'tap'
import { createRedisOtpStore } from '../../../../plugins/auth/otp-store/redis.ts'
import { second } from '../../../contracts/otp-store/number.ts'
import { connect } from '../../../contracts/otp-store/redis-store.ts'
import { lives } from './model/commands.ts'
import { withLateExpiry } from './model/late-expiry.ts'
import { createRun, type Seen } from './model/run.ts'

/** So many random lives of each temper; a failure prints the seed and path to run it again by, and a life that is as short as it can be. */
const runs = 30

const rules = fc.constantFrom(
  { ttlMs: 300 * second, resendMs: 30 * second, sendsPerHour: 5, sendsPerDay: 10 },
  { ttlMs: 300 * second, resendMs: 30 * second, sendsPerHour: 0, sendsPerDay: 0 },
  { ttlMs: 600 * second, resendMs: 10 * second, sendsPerHour: 3, sendsPerDay: 4 },
  { ttlMs: 20 * second, resendMs: 600 * second, sendsPerHour: 0, sendsPerDay: 5 }
)

const outcomes = ['closed', 'limited', 'locked', 'name_required', 'right', 'sent', 'sent from the allowance', 'too_soon', 'waiting', 'wrong']

t.test('memory and Redis keep all promises through', async (t) => {
  const client = withLateExpiry(await connect(t))
  const seen: Seen = new Set()
  for (const [what, life] of Object.entries(lives)) {
    await t.test(what, async () => {
      await fc.assert(fc.asyncProperty(rules, life, async (given, commands) => {
        await fc.asyncModelRun(() => ({ model: {}, real: createRun(given, () => createRedisOtpStore(client), seen) }), commands)
      }), { numRuns: runs })
    })
  }
  t.strictSame([...seen].sort(), outcomes, 'every outcome occurred')
})
