import fc from 'fast-check'
import t from 'tap'
import { createRedisOtpStore } from '../../../../plugins/auth/otp-store/redis.ts'
import { second } from '../../../contracts/otp-store/number.ts'
import { connect } from '../../../contracts/otp-store/redis-store.ts'
import { scenarios } from './model/commands.ts'
import { withLateExpiry } from './model/late-expiry.ts'
import { createRun, type SeenOutcomes } from './model/run.ts'

/** The number of random command sequences per scenario. A failure prints its seed and path and the shortest sequence that fails. */
const runs = 30

const rules = fc.constantFrom(
  { ttlMs: 300 * second, resendMs: 30 * second, sendsPerHour: 5, sendsPerDay: 10 },
  { ttlMs: 300 * second, resendMs: 30 * second, sendsPerHour: 0, sendsPerDay: 0 },
  { ttlMs: 600 * second, resendMs: 10 * second, sendsPerHour: 3, sendsPerDay: 4 },
  { ttlMs: 20 * second, resendMs: 600 * second, sendsPerHour: 0, sendsPerDay: 5 }
)

const outcomes = [
  'closed', 'limited', 'locked', 'name_required', 'right', 'sent', 'sent from the allowance', 'too_soon', 'used', 'waiting', 'wrong'
]

t.test('the memory and Redis stores match the model in random scenarios', async (t) => {
  const client = withLateExpiry(await connect(t))
  const seen: SeenOutcomes = new Set()
  for (const [title, commandSequences] of Object.entries(scenarios)) {
    await t.test(title, async () => {
      await fc.assert(fc.asyncProperty(rules, commandSequences, async (issueRules, commands) => {
        await fc.asyncModelRun(() => ({ model: {}, real: createRun(issueRules, () => createRedisOtpStore(client), seen) }), commands)
      }), { numRuns: runs })
    })
  }
  t.strictSame([...seen].sort(), outcomes, 'every outcome occurred')
})
